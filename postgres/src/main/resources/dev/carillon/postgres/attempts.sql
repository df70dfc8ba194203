-- The attempts log.

-- name: of_event
SELECT event_id, version, number, lane, started_at, ended_at, result, reason, details
FROM event_attempt
WHERE event_id = :event
ORDER BY ended_at DESC, version DESC
LIMIT :limit

-- name: in_lane
SELECT event_id, version, number, lane, started_at, ended_at, result, reason, details
FROM event_attempt
WHERE lane = :lane
  AND (:ended_at::timestamptz IS NULL OR (ended_at, event_id) < (:ended_at::timestamptz, :event::uuid))
  AND (:result::text IS NULL OR result = :result::text)
ORDER BY ended_at DESC, event_id DESC
LIMIT :limit

-- name: add
INSERT INTO event_attempt (event_id, version, number, lane, started_at, ended_at, result, reason, details)
VALUES (:event, :version, :number, :lane, :started_at, :ended_at, :result, :reason, :details::jsonb)
ON CONFLICT DO NOTHING
