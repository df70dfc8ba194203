-- How fresh records are, and which calls failed.

-- name: states
SELECT r.source, r.type, r.tag, r.found, r.fetched_at, r.fresh_until, r.look_at, r.changed_at, r.reason
FROM unnest(:source::text[], :type::text[], :tag::text[]) AS k (source, type, tag)
  JOIN refresh_record r ON r.source = k.source AND r.type = k.type AND r.tag = k.tag

-- name: write
-- In ascending order of the keys, so that no two writers wait for each other.
INSERT INTO refresh_record AS r (source, type, tag, found, fetched_at, fresh_until, look_at, changed_at, reason)
SELECT source, type, tag, reason IS NULL, fetched_at, fresh_until, look_at, changed_at, reason
FROM unnest(:source::text[], :type::text[], :tag::text[], :fetched_at::timestamptz[], :fresh_until::timestamptz[],
    :look_at::timestamptz[], :changed_at::timestamptz[], :reason::text[])
  AS f (source, type, tag, fetched_at, fresh_until, look_at, changed_at, reason)
ORDER BY source, type, tag
ON CONFLICT (source, type, tag) DO UPDATE
  SET found = EXCLUDED.found, fetched_at = EXCLUDED.fetched_at, fresh_until = EXCLUDED.fresh_until,
    look_at = EXCLUDED.look_at, look_queued = false, reason = EXCLUDED.reason,
    changed_at = CASE
      WHEN EXCLUDED.changed_at IS NOT NULL THEN EXCLUDED.changed_at
      WHEN r.found <> EXCLUDED.found THEN EXCLUDED.fetched_at
      ELSE r.changed_at END
  WHERE r.fetched_at <= EXCLUDED.fetched_at

-- name: due_looks
SELECT source, type, tag, look_at
FROM refresh_record
WHERE source = :source AND look_at <= :now AND look_at IS NOT NULL AND NOT look_queued
ORDER BY look_at
LIMIT :most

-- name: mark_looks_queued
UPDATE refresh_record AS r
SET look_queued = true
FROM (SELECT r.source, r.type, r.tag
    FROM unnest(:source::text[], :type::text[], :tag::text[]) AS k (source, type, tag)
      JOIN refresh_record r ON r.source = k.source AND r.type = k.type AND r.tag = k.tag
    WHERE r.look_at <= :now
    ORDER BY r.source, r.type, r.tag
    FOR UPDATE OF r) AS due
WHERE r.source = due.source AND r.type = due.type AND r.tag = due.tag

-- name: note_failures
INSERT INTO refresh_failure (source, type, tag, priority, reason, failed_at)
SELECT source, type, tag, priority, reason, :failed_at
FROM unnest(:source::text[], :type::text[], :tag::text[], :priority::text[], :reason::text[])
  AS f (source, type, tag, priority, reason)

-- name: failures
SELECT id, source, type, tag, priority, reason, failed_at
FROM refresh_failure
WHERE source = :source AND redriven_at IS NULL AND id < :before
ORDER BY id DESC
LIMIT :most

-- name: failures_of
SELECT id, source, type, tag, priority, reason, failed_at
FROM refresh_failure
WHERE id = ANY (:ids) AND redriven_at IS NULL
ORDER BY id

-- name: mark_redriven
UPDATE refresh_failure SET redriven_at = :now WHERE id = ANY (:ids) AND redriven_at IS NULL

-- name: count_failures
SELECT count(*)
FROM (SELECT FROM refresh_failure WHERE source = :source AND failed_at >= :since LIMIT :most) AS recent

-- name: forget_failures
-- Old ones have low numbers: the primary key finds them without an index of the times of all sources.
DELETE FROM refresh_failure
WHERE id = ANY (ARRAY (
  SELECT id FROM (SELECT id, failed_at FROM refresh_failure ORDER BY id LIMIT :most) AS oldest
  WHERE failed_at < :before))
