-- name: load
-- As EventStore.plan does, but made by the server: events of one subject each, evenly spread in time.
WITH planned AS (
  INSERT INTO event (id, subject_id, event_type, idempotency_key, target_timestamp_utc,
    target_timestamp_local, target_timezone, tzdb_version, delivery_payload)
  SELECT uuidv7(), gen_random_uuid(), :type, :key || ':' || gen_random_uuid(), t.at,
    t.at AT TIME ZONE 'UTC', 'UTC', '2026a', '{"first_name": "Ada", "last_name": "Lovelace"}'
  FROM generate_series(1, :count) AS n,
    LATERAL (SELECT :from::timestamptz + (:to::timestamptz - :from::timestamptz) * n / :count AS at) AS t
  RETURNING id, target_timestamp_utc
)
INSERT INTO event_due (event_id, due_at)
SELECT id, target_timestamp_utc FROM planned

-- name: completed
SELECT count(*) FROM event_history WHERE status = 'COMPLETED'

-- name: waiting
SELECT count(*) FROM event_due d JOIN event e ON e.id = d.event_id
