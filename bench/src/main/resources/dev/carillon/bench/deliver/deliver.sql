-- name: plan
-- As EventStore.plan does, but made by the server: birthdays of one subject each, evenly spread in time and
-- over the endpoints in turn.
WITH planned AS (
  INSERT INTO event (id, subject_id, event_type, idempotency_key, target_timestamp_utc,
    target_timestamp_local, target_timezone, tzdb_version, delivery_payload)
  SELECT uuidv7(), s.subject, :type, :type || ':' || s.subject || ':' || extract(year FROM s.at AT TIME ZONE 'UTC'), s.at,
    s.at AT TIME ZONE 'UTC', 'UTC', :tzdb_version, :data::jsonb || jsonb_build_object('endpoint', s.endpoint)
  FROM (
    SELECT gen_random_uuid() AS subject, (:endpoints::text[])[1 + n % cardinality(:endpoints::text[])] AS endpoint,
      :from::timestamptz + (:to::timestamptz - :from::timestamptz) * n / :count AS at
    FROM generate_series(1, :count) AS n
  ) AS s
  RETURNING id, target_timestamp_utc
)
INSERT INTO event_due (event_id, due_at)
SELECT id, target_timestamp_utc FROM planned

-- name: planned
SELECT id, target_timestamp_utc, delivery_payload ->> 'endpoint' AS endpoint FROM event

-- name: completed
SELECT count(*) FROM event_history WHERE status = 'COMPLETED'

-- name: logged
SELECT count(*) FROM event_attempt WHERE result = 'COMPLETED'

-- name: followed
SELECT count(*) FROM event_due WHERE due_at > now() + interval '1 day'
