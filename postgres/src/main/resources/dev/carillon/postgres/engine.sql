-- The engine's statements. Each name is a constant beside the code that runs it.

-- name: plan
WITH planned AS (
  INSERT INTO event (id, subject_id, event_type, idempotency_key, target_timestamp_utc,
    target_timestamp_local, target_timezone, tzdb_version, delivery_payload)
  SELECT n.id, n.subject_id, n.event_type, n.idempotency_key, n.utc, n.local, n.zone, n.tzdb_version, n.data
  FROM unnest(:id::uuid[], :subject_id::uuid[], :event_type::text[], :idempotency_key::text[], :utc::timestamptz[],
      :local::timestamp[], :zone::text[], :tzdb_version::text[], :data::jsonb[])
    AS n (id, subject_id, event_type, idempotency_key, utc, local, zone, tzdb_version, data)
  ON CONFLICT (idempotency_key) DO NOTHING
  RETURNING id, target_timestamp_utc
)
INSERT INTO event_due (event_id, due_at)
SELECT id, target_timestamp_utc FROM planned

-- name: join
INSERT INTO process (id, name, lease_until)
VALUES (:process, :name, clock_timestamp() + make_interval(secs => :lease))

-- name: renew
UPDATE process SET lease_until = clock_timestamp() + make_interval(secs => :lease) WHERE id = :process

-- name: leave
DELETE FROM process WHERE id = :process

-- name: expire
DELETE FROM process WHERE lease_until < clock_timestamp()

-- name: recover
-- A claim is void when its process is gone. The reaper's first statement removed the processes
-- whose lease ran out; this one, with a later snapshot, takes their claims back.
WITH orphaned AS (
  DELETE FROM event_claim c
  WHERE NOT EXISTS (SELECT FROM process p WHERE p.id = c.process_id)
  RETURNING c.event_id, c.version, c.attempts
)
INSERT INTO event_due (event_id, due_at, version, attempts, failure_reason)
SELECT event_id, :now, version, attempts, 'its process stopped before the attempt was settled' FROM orphaned

-- name: hand_back_unknown
-- The attempt was not begun: it does not count.
WITH unknown AS (
  DELETE FROM event_claim WHERE process_id = :process AND event_id <> ALL (:known::uuid[])
  RETURNING event_id, version, attempts
)
INSERT INTO event_due (event_id, due_at, version, attempts, failure_reason)
SELECT event_id, :now, version, attempts - 1, 'the answer to its claim was lost' FROM unknown

-- name: postpone
-- For a process that can read the event: one with newer time zones.
WITH unreadable AS (
  DELETE FROM event_claim WHERE event_id = ANY (:ids::uuid[])
  RETURNING event_id, version, attempts
)
INSERT INTO event_due (event_id, due_at, version, attempts, failure_reason)
SELECT event_id, :due, version, attempts - 1, 'the process that claimed it could not read it' FROM unreadable

-- name: claim
-- Rows are found and deleted by their physical address: the plan never depends on statistics,
-- which lag behind in a table that is filled and emptied all day.
WITH due AS MATERIALIZED (
  SELECT ctid FROM event_due
  WHERE due_at <= :now AND EXISTS (SELECT FROM process WHERE id = :process)
  ORDER BY due_at, event_id
  LIMIT :limit
  FOR UPDATE SKIP LOCKED
), taken AS (
  DELETE FROM event_due WHERE ctid = ANY (ARRAY (SELECT ctid FROM due))
  RETURNING event_id, due_at, version, attempts
), claimed AS (
  INSERT INTO event_claim (event_id, process_id, version, attempts)
  SELECT event_id, :process, version + 1, attempts + 1 FROM taken
  RETURNING event_id, version, attempts
)
SELECT e.id, e.subject_id, e.event_type, e.idempotency_key, e.target_timestamp_utc,
  e.target_timestamp_local, e.target_timezone, e.tzdb_version, e.delivery_payload,
  c.version, c.attempts, NULL::uuid AS lane
FROM claimed c JOIN taken t ON t.event_id = c.event_id JOIN event e ON e.id = c.event_id
ORDER BY t.due_at, e.id

-- name: claim_held
-- The room of each lane is filled by index, from the front.
WITH held AS MATERIALIZED (
  SELECT h.ctid FROM unnest(:lanes::uuid[], :most::integer[]) AS l (lane, most)
  CROSS JOIN LATERAL (
    SELECT d.ctid FROM event_due d
    WHERE d.lane = l.lane AND EXISTS (SELECT FROM process WHERE id = :process)
    ORDER BY d.lane_position, d.event_id
    LIMIT l.most
    FOR UPDATE SKIP LOCKED
  ) h
), taken AS (
  DELETE FROM event_due WHERE ctid = ANY (ARRAY (SELECT ctid FROM held))
  RETURNING event_id, lane, lane_position, version, attempts
), claimed AS (
  INSERT INTO event_claim (event_id, process_id, version, attempts)
  SELECT event_id, :process, version + 1, attempts + 1 FROM taken
  RETURNING event_id, version, attempts
)
SELECT e.id, e.subject_id, e.event_type, e.idempotency_key, e.target_timestamp_utc,
  e.target_timestamp_local, e.target_timezone, e.tzdb_version, e.delivery_payload,
  c.version, c.attempts, t.lane
FROM claimed c JOIN taken t ON t.event_id = c.event_id JOIN event e ON e.id = c.event_id
ORDER BY t.lane, t.lane_position, e.id

-- name: next_due
SELECT min(due_at) FROM event_due WHERE due_at < 'infinity'

-- name: release
-- Gives up the claims whose version was handed out, and only these: a late worker changes nothing.
-- A statement of its own: it may wait for a change of the subject to end, and what follows must see
-- that change.
DELETE FROM event_claim c
USING unnest(:event_id::uuid[], :version::bigint[]) AS s (event_id, version)
WHERE c.event_id = s.event_id AND c.version = s.version
RETURNING c.event_id

-- name: log
-- Also of attempts whose claim was lost: they were made. One that is settled twice is logged once.
INSERT INTO event_attempt (event_id, version, number, lane, started_at, ended_at, result, reason, details)
SELECT * FROM unnest(:event_id::uuid[], :version::bigint[], :number::integer[], :lane::uuid[], :started_at::timestamptz[],
  :ended_at::timestamptz[], :result::text[], :reason::text[], :details::jsonb[])
ON CONFLICT DO NOTHING

-- name: release_lane
WITH held AS MATERIALIZED (
  SELECT ctid FROM event_due WHERE lane = :lane
  ORDER BY lane_position, event_id
  LIMIT :limit
  FOR UPDATE SKIP LOCKED
)
-- Due from now on: what is released must not go before what is on time.
UPDATE event_due SET due_at = :now, lane = NULL, lane_position = NULL
WHERE ctid = ANY (ARRAY (SELECT ctid FROM held))

-- name: settle
-- Ends, retries or holds what was released. Only the latest event of a subject and type is followed by
-- another: one that was redriven, or overtaken by a change of its subject, is not.
WITH released AS MATERIALIZED (
  SELECT * FROM unnest(:event_id::uuid[], :version::bigint[], :attempts::integer[], :kind::text[], :at::timestamptz[], :reason::text[], :due::timestamptz[],
      :lane::uuid[])
    AS s (event_id, version, attempts, kind, at, reason, due, lane)
), ended AS (
  DELETE FROM event e USING released r
  WHERE e.id = r.event_id AND r.kind IN ('COMPLETED', 'FAILED', 'CANCELLED')
  RETURNING e.*, r.version, r.attempts, r.kind, r.at, r.reason, r.lane
), archived AS (
  INSERT INTO event_history (id, subject_id, event_type, idempotency_key, target_timestamp_utc,
    target_timestamp_local, target_timezone, tzdb_version, delivery_payload, created_at,
    status, version, attempts, executed_at, failure_reason)
  SELECT id, subject_id, event_type, idempotency_key, target_timestamp_utc, target_timestamp_local,
    target_timezone, tzdb_version, delivery_payload, created_at, kind, version, attempts,
    CASE WHEN kind = 'COMPLETED' THEN at END, reason
  FROM ended WHERE kind IN ('COMPLETED', 'CANCELLED')
), failed AS (
  INSERT INTO dead_letter (id, subject_id, event_type, idempotency_key, target_timestamp_utc,
    target_timestamp_local, target_timezone, tzdb_version, delivery_payload, created_at,
    version, attempts, executed_at, failure_reason, lane)
  SELECT id, subject_id, event_type, idempotency_key, target_timestamp_utc, target_timestamp_local,
    target_timezone, tzdb_version, delivery_payload, created_at, version, attempts, at, reason, lane
  FROM ended WHERE kind = 'FAILED'
), retried AS (
  INSERT INTO event_due (event_id, due_at, version, attempts, failure_reason)
  SELECT event_id, due, version, attempts, reason FROM released WHERE kind IN ('RETRIED', 'POSTPONED')
), held AS (
  INSERT INTO event_due (event_id, due_at, version, attempts, failure_reason, lane, lane_position)
  SELECT r.event_id, 'infinity', r.version, r.attempts, r.reason, r.lane, e.target_timestamp_utc
  FROM released r JOIN event e ON e.id = r.event_id WHERE r.kind = 'HELD'
), planned AS (
  INSERT INTO event (id, subject_id, event_type, idempotency_key, target_timestamp_utc,
    target_timestamp_local, target_timezone, tzdb_version, delivery_payload)
  SELECT n.id, n.subject_id, n.event_type, n.idempotency_key, n.utc, n.local, n.zone, n.tzdb_version, n.data
  FROM unnest(:previous_id::uuid[], :id::uuid[], :subject_id::uuid[], :event_type::text[], :idempotency_key::text[], :utc::timestamptz[],
      :local::timestamp[], :zone::text[], :tzdb_version::text[], :data::jsonb[])
    AS n (previous_id, id, subject_id, event_type, idempotency_key, utc, local, zone, tzdb_version, data)
  JOIN ended previous ON previous.id = n.previous_id
  WHERE NOT EXISTS (
    SELECT FROM event later
    WHERE later.subject_id = n.subject_id AND later.event_type = n.event_type
      AND later.target_timestamp_local > previous.target_timestamp_local)
  ON CONFLICT (idempotency_key) DO NOTHING
  RETURNING id, target_timestamp_utc
), due AS (
  INSERT INTO event_due (event_id, due_at)
  SELECT id, target_timestamp_utc FROM planned
)
SELECT count(*) FROM released

-- name: find
SELECT id, user_id AS subject_id, event_type, idempotency_key, target_timestamp_utc,
  target_timestamp_local, target_timezone, tzdb_version, delivery_payload,
  status, version, retry_count, executed_at, failure_reason
FROM events WHERE id = :id

-- name: derived_before
SELECT DISTINCT e.target_timezone, e.tzdb_version
FROM event e
WHERE e.tzdb_version < :tzdb_version
ORDER BY 1, 2

-- name: save_fingerprints
INSERT INTO tzdata_fingerprint (tzdb_version, zone, fingerprint)
SELECT :tzdb_version, f.zone, f.fingerprint
FROM unnest(:zone::text[], :fingerprint::text[]) AS f (zone, fingerprint)
ON CONFLICT DO NOTHING

-- name: fingerprint
SELECT fingerprint FROM tzdata_fingerprint WHERE tzdb_version = :tzdb_version AND zone = :zone

-- name: pending_in_zone
SELECT e.id, e.subject_id, e.event_type, e.idempotency_key, e.target_timestamp_utc,
  e.target_timestamp_local, e.target_timezone, e.tzdb_version, e.delivery_payload
FROM event e JOIN event_due d ON d.event_id = e.id
WHERE e.target_timezone = :zone AND e.tzdb_version = :tzdb_version
  AND (:after::uuid IS NULL OR e.id > :after::uuid)
ORDER BY e.id
LIMIT :limit

-- name: move
-- The due row is locked first, as everywhere: an event that is being claimed is left alone, and one
-- that waits for a retry keeps its retry's time.
WITH moves AS MATERIALIZED (
  SELECT * FROM unnest(:id::uuid[], :from_utc::timestamptz[], :from_tzdb_version::text[], :utc::timestamptz[], :tzdb_version::text[])
    AS m (id, from_utc, from_tzdb_version, utc, tzdb_version)
), waiting AS MATERIALIZED (
  SELECT d.event_id, d.attempts FROM event_due d JOIN moves m ON m.id = d.event_id
  ORDER BY d.event_id FOR UPDATE OF d SKIP LOCKED
), derived AS (
  UPDATE event e SET target_timestamp_utc = m.utc, tzdb_version = m.tzdb_version, updated_at = now()
  FROM moves m JOIN waiting w ON w.event_id = m.id
  WHERE e.id = m.id AND e.tzdb_version = m.from_tzdb_version AND e.target_timestamp_utc = m.from_utc
  RETURNING e.id, e.target_timezone, m.from_utc, m.from_tzdb_version, m.utc, m.tzdb_version, w.attempts
), due AS (
  UPDATE event_due d SET due_at = v.utc, lane = NULL, lane_position = NULL FROM derived v
  WHERE d.event_id = v.id AND v.attempts = 0 AND v.utc <> v.from_utc
)
INSERT INTO event_move (event_id, target_timezone, from_utc, from_tzdb_version, to_utc, to_tzdb_version)
SELECT id, target_timezone, from_utc, from_tzdb_version, utc, tzdb_version FROM derived
WHERE utc <> from_utc

-- name: maintain_history
SELECT maintain_event_history(:months_ahead, :months_kept)

-- name: maintain_attempts
SELECT maintain_event_attempts(:days_ahead, :days_kept)

-- name: database_time
SELECT clock_timestamp()
