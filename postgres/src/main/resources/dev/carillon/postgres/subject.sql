-- The events of one subject, within the transaction that changes the subject. Locks are taken in the
-- engine's order (event_due, event_claim, event), so that no two transactions wait for each other.

-- name: ids
SELECT id FROM event WHERE subject_id = :subject ORDER BY id

-- name: ids_before
SELECT id FROM event
WHERE subject_id = :subject AND event_type = :event_type AND (target_timestamp_utc, id) < (:utc, :id)
ORDER BY id

-- name: lock_due
SELECT event_id, attempts FROM event_due WHERE event_id = ANY (:ids) ORDER BY event_id FOR UPDATE

-- name: lock_claimed
SELECT event_id FROM event_claim WHERE event_id = ANY (:ids) ORDER BY event_id FOR UPDATE

-- name: read
SELECT id, subject_id, event_type, idempotency_key, target_timestamp_utc, target_timestamp_local,
  target_timezone, tzdb_version, delivery_payload
FROM event WHERE id = ANY (:ids) ORDER BY id

-- name: reschedule
WITH due AS (
  UPDATE event_due SET due_at = :utc, lane = NULL, lane_position = NULL WHERE event_id = :id AND attempts = 0
  RETURNING event_id
)
UPDATE event e SET idempotency_key = :idempotency_key, target_timestamp_utc = :utc,
  target_timestamp_local = :local, target_timezone = :zone, tzdb_version = :tzdb_version,
  delivery_payload = :data::jsonb, updated_at = now()
FROM due WHERE e.id = due.event_id

-- name: cancel
-- What is being performed is cancelled too: its settlement will find no claim and plan nothing.
WITH due AS (
  DELETE FROM event_due WHERE event_id = ANY (:ids) RETURNING event_id, version, attempts
), claimed AS (
  DELETE FROM event_claim WHERE event_id = ANY (:ids) RETURNING event_id, version, attempts
), ended AS (
  DELETE FROM event WHERE id = ANY (:ids) RETURNING *
)
INSERT INTO event_history (id, subject_id, event_type, idempotency_key, target_timestamp_utc,
  target_timestamp_local, target_timezone, tzdb_version, delivery_payload, created_at,
  status, version, attempts, failure_reason)
SELECT e.id, e.subject_id, e.event_type, e.idempotency_key, e.target_timestamp_utc,
  e.target_timestamp_local, e.target_timezone, e.tzdb_version, e.delivery_payload, e.created_at,
  'CANCELLED', s.version, s.attempts,
  CASE WHEN s.claimed THEN :reason || ', while it was being performed' ELSE :reason END
FROM ended e JOIN (
  SELECT event_id, version, attempts, false AS claimed FROM due
  UNION ALL SELECT event_id, version, attempts, true FROM claimed
) s ON s.event_id = e.id

-- name: cancel_dead_letters
WITH dead AS (
  DELETE FROM dead_letter WHERE subject_id = :subject RETURNING *
)
INSERT INTO event_history (id, subject_id, event_type, idempotency_key, target_timestamp_utc,
  target_timestamp_local, target_timezone, tzdb_version, delivery_payload, created_at,
  status, version, attempts, executed_at, failure_reason)
SELECT id, subject_id, event_type, idempotency_key, target_timestamp_utc, target_timestamp_local,
  target_timezone, tzdb_version, delivery_payload, created_at, 'CANCELLED', version, attempts,
  executed_at, failure_reason
FROM dead
