-- What came of the firings of schedules.

-- name: starts
-- When the first attempts began. None ends before its event is due, but for clocks that differ.
SELECT DISTINCT ON (event_id) event_id, started_at
FROM event_attempt
WHERE event_id = ANY (:ids) AND ended_at >= :from::timestamptz - interval '1 minute'
ORDER BY event_id, ended_at

-- name: punctuality
-- The bounds of ended_at leave the attempts of other days unread.
WITH runs AS (
  SELECT id, target_timestamp_utc AS due_at, executed_at
  FROM events
  WHERE user_id = :schedule AND event_type = :event_type AND status IN ('COMPLETED', 'FAILED')
    AND delivery_payload ->> 'kind' IN ('SCHEDULED', 'CATCH_UP')
  ORDER BY id DESC
  LIMIT :runs
), late AS (
  SELECT greatest(0, extract(epoch FROM coalesce(a.started_at, r.executed_at) - r.due_at))::double precision AS seconds
  FROM runs r LEFT JOIN LATERAL (
    SELECT started_at FROM event_attempt
    WHERE event_id = r.id AND ended_at >= r.due_at - interval '1 minute'
      AND ended_at <= r.executed_at + interval '1 minute'
    ORDER BY ended_at LIMIT 1) a ON true
)
SELECT count(*)::integer AS runs,
  coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds), 0) AS p50,
  coalesce(percentile_disc(0.99) WITHIN GROUP (ORDER BY seconds), 0) AS p99,
  coalesce(max(seconds), 0) AS max
FROM late

-- name: missed_between
SELECT coalesce(sum(count), 0)::bigint FROM schedule_miss WHERE noted_at > :after AND noted_at <= :until

-- name: processes
-- Leases are kept by the clock of the database.
SELECT count(*)::integer FROM process WHERE lease_until > clock_timestamp()

-- name: next_at
SELECT next_at FROM schedule_due WHERE schedule_id = :schedule AND next_at IS NOT NULL
