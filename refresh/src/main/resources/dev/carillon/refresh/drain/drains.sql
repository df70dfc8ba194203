-- The drains of the last days.

-- name: begin
INSERT INTO refresh_drain (source, started_at) VALUES (:source, :now) RETURNING id

-- name: end
UPDATE refresh_drain
SET ended_at = :now, ended = :ended, detail = :detail, processed = :processed, failed = :failed, dropped = :dropped,
  calls = :calls, calls_second = :calls_second
WHERE id = :id

-- name: last
SELECT id, source, started_at, ended_at, ended, detail, processed, failed, dropped, calls, calls_second
FROM refresh_drain
WHERE source = :source
ORDER BY id DESC
LIMIT :most

-- name: forget
DELETE FROM refresh_drain
WHERE id = ANY (ARRAY (
  SELECT id FROM (SELECT id, started_at FROM refresh_drain ORDER BY id LIMIT :most) AS oldest
  WHERE started_at < :before))
