-- name: insert
INSERT INTO users (id, first_name, last_name, date_of_birth, time_zone, leap_day_policy,
  delivery_time, endpoint, created_at, updated_at)
SELECT u.id, u.first_name, u.last_name, u.date_of_birth, u.time_zone, u.leap_day_policy,
  u.delivery_time, u.endpoint, :created_at, :created_at
FROM unnest(:id::uuid[], :first_name::text[], :last_name::text[], :date_of_birth::date[],
    :time_zone::text[], :leap_day_policy::text[], :delivery_time::time[], :endpoint::text[])
  AS u (id, first_name, last_name, date_of_birth, time_zone, leap_day_policy, delivery_time, endpoint)

-- name: find
SELECT * FROM users WHERE id = :id

-- name: lock
SELECT * FROM users WHERE id = :id FOR UPDATE

-- name: list
SELECT * FROM users
WHERE (:before::uuid IS NULL OR id < :before::uuid)
ORDER BY id DESC
LIMIT :limit

-- name: update
UPDATE users SET first_name = :first_name, last_name = :last_name, date_of_birth = :date_of_birth,
  time_zone = :time_zone, leap_day_policy = :leap_day_policy, delivery_time = :delivery_time,
  endpoint = :endpoint,
  updated_at = greatest(:updated_at, created_at)
WHERE id = :id
RETURNING *

-- name: have_chosen
SELECT EXISTS (SELECT FROM users WHERE endpoint = :endpoint)

-- name: delete
DELETE FROM users WHERE id = :id

-- name: used_up_to
-- The last year whose event has ended: done, dead or called off.
SELECT event_type, max(extract(year FROM target_timestamp_local))::integer AS year
FROM events
WHERE user_id = :id AND status IN ('COMPLETED', 'FAILED', 'CANCELLED')
GROUP BY event_type

-- name: without_event
-- Users who have no live event of a type: since the type is new, or what followed the last one could
-- not be planned. Locked, so that a change of the user waits and then finds the event.
SELECT u.*, coalesce((
    SELECT max(extract(year FROM e.target_timestamp_local))::integer FROM events e
    WHERE e.user_id = u.id AND e.event_type = :event_type
      AND e.status IN ('COMPLETED', 'FAILED', 'CANCELLED')), 0) AS used_up_to
FROM users u
WHERE (:after::uuid IS NULL OR u.id > :after::uuid)
  AND NOT EXISTS (
    SELECT FROM event e WHERE e.subject_id = u.id AND e.event_type = :event_type)
ORDER BY u.id
LIMIT :limit
FOR UPDATE OF u SKIP LOCKED
