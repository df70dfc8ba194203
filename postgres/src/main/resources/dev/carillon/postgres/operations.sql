-- What people do with events: look, call off, try again.

-- name: list
-- Newest first, by id: every part of the view has an index in this order.
SELECT id, user_id AS subject_id, event_type, idempotency_key, target_timestamp_utc,
  target_timestamp_local, target_timezone, tzdb_version, delivery_payload,
  status, version, retry_count, executed_at, failure_reason, next_attempt_at, created_at, updated_at
FROM events
WHERE (:before::uuid IS NULL OR id < :before::uuid)
  AND (:subject::uuid IS NULL OR user_id = :subject::uuid)
  AND (:status::text IS NULL OR status = :status::text)
  AND (:event_type::text IS NULL OR event_type = :event_type::text)
  AND (:from::timestamptz IS NULL OR target_timestamp_utc >= :from::timestamptz)
  AND (:to::timestamptz IS NULL OR target_timestamp_utc < :to::timestamptz)
ORDER BY id DESC
LIMIT :limit

-- name: find
SELECT id, user_id AS subject_id, event_type, idempotency_key, target_timestamp_utc,
  target_timestamp_local, target_timezone, tzdb_version, delivery_payload,
  status, version, retry_count, executed_at, failure_reason, next_attempt_at, created_at, updated_at
FROM events
WHERE id = :id

-- name: cancel
-- The due row decides: who deletes it owns the event.
WITH due AS (
  DELETE FROM event_due WHERE event_id = :id RETURNING event_id, version, attempts
), ended AS (
  DELETE FROM event e USING due d WHERE e.id = d.event_id RETURNING e.*, d.version, d.attempts
), archived AS (
  INSERT INTO event_history (id, subject_id, event_type, idempotency_key, target_timestamp_utc,
    target_timestamp_local, target_timezone, tzdb_version, delivery_payload, created_at,
    status, version, attempts, failure_reason)
  SELECT id, subject_id, event_type, idempotency_key, target_timestamp_utc, target_timestamp_local,
    target_timezone, tzdb_version, delivery_payload, created_at, 'CANCELLED', version, attempts, :reason
  FROM ended
)
SELECT id, subject_id, event_type, idempotency_key, target_timestamp_utc, target_timestamp_local,
  target_timezone, tzdb_version, delivery_payload
FROM ended

-- name: is_overtaken
-- Whether a later event of the same subject and type is live: then nothing more follows this one.
SELECT EXISTS (
  SELECT FROM event
  WHERE subject_id = :subject AND event_type = :event_type AND target_timestamp_local > :local)

-- name: retry_now
UPDATE event_due SET due_at = least(due_at, :now), lane = NULL, lane_position = NULL
WHERE event_id = :id AND (attempts > 0 OR lane IS NOT NULL)

-- name: dead_letters
SELECT id FROM dead_letter
WHERE (:id::uuid IS NULL OR id = :id::uuid)
  AND (:event_type::text IS NULL OR event_type = :event_type::text)
  AND (:subject::uuid IS NULL OR subject_id = :subject::uuid)
  AND (:from::timestamptz IS NULL OR executed_at >= :from::timestamptz)
  AND (:to::timestamptz IS NULL OR executed_at < :to::timestamptz)
  AND (:lane::uuid IS NULL OR lane = :lane::uuid)
  AND (:after::uuid IS NULL OR id > :after::uuid)
ORDER BY id
LIMIT :limit
FOR UPDATE SKIP LOCKED

-- name: redrive
-- An event whose key is live again stays a dead letter: it must not be done twice.
WITH planned AS (
  INSERT INTO event (id, subject_id, event_type, idempotency_key, target_timestamp_utc,
    target_timestamp_local, target_timezone, tzdb_version, delivery_payload, created_at)
  SELECT id, subject_id, event_type, idempotency_key, target_timestamp_utc, target_timestamp_local,
    target_timezone, tzdb_version, delivery_payload, created_at
  FROM dead_letter WHERE id = ANY (:ids)
  ON CONFLICT (idempotency_key) DO NOTHING
  RETURNING id
), revived AS (
  DELETE FROM dead_letter d USING planned p WHERE d.id = p.id
  RETURNING d.id, d.version, d.failure_reason
)
INSERT INTO event_due (event_id, due_at, version, attempts, failure_reason)
SELECT id, :now, version, 0, failure_reason FROM revived

-- name: oldest_due
SELECT min(due_at) FROM event_due WHERE due_at < 'infinity'

-- name: count
SELECT count(*)::integer FROM events WHERE status = :status
