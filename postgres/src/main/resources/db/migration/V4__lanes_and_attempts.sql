-- Lanes: an event whose target is full or closed waits in its target's lane, out of the claims' way,
-- until it is released. And a log of attempts, written in the transaction that settles them.

-- Given up on rather than queued behind, which would stop everybody: the next start tries again.
SET LOCAL lock_timeout = '10s';

ALTER TABLE event_due
  ADD COLUMN lane          uuid,
  ADD COLUMN lane_position timestamptz,
  ADD CONSTRAINT event_due_lane_has_position CHECK ((lane IS NULL) = (lane_position IS NULL)) NOT VALID,
  ADD CONSTRAINT event_due_held_at_infinity CHECK (lane IS NULL OR due_at = 'infinity') NOT VALID;

CREATE INDEX event_due_in_lane ON event_due (lane, lane_position, event_id) WHERE lane IS NOT NULL;

COMMENT ON COLUMN event_due.lane IS 'What a held event waits for; it is due at infinity meanwhile';

-- Where a dead letter's last attempt was made: to redrive all of one endpoint.
ALTER TABLE dead_letter ADD COLUMN lane uuid;

CREATE INDEX dead_letter_by_lane ON dead_letter (lane, id) WHERE lane IS NOT NULL;

CREATE TABLE event_attempt (
  event_id   uuid        NOT NULL,
  version    bigint      NOT NULL,
  number     integer     NOT NULL,
  lane       uuid        NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at   timestamptz NOT NULL,
  result     text        NOT NULL CHECK (result IN ('COMPLETED', 'RETRIED', 'POSTPONED', 'FAILED')),
  reason     text,
  details    jsonb       NOT NULL,
  PRIMARY KEY (event_id, version, ended_at)
) PARTITION BY RANGE (ended_at);

CREATE INDEX event_attempt_by_lane ON event_attempt (lane, ended_at, event_id);

COMMENT ON TABLE event_attempt IS 'What came of each attempt; append only, a partition a day, dropped whole';

-- Rows land here only if no partition of their day was made in time.
CREATE TABLE event_attempt_default PARTITION OF event_attempt DEFAULT;

-- Makes the partitions of today and of days_ahead more, and drops those that ended more than days_kept
-- days ago. Returns how many were dropped. Works as maintain_event_history does.
CREATE FUNCTION maintain_event_attempts(days_ahead integer, days_kept integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  today date := (now() AT TIME ZONE 'UTC')::date;
  day date;
  partition text;
  dropped integer := 0;
BEGIN
  PERFORM set_config('lock_timeout', '2s', true);
  FOR partition IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'event_attempt'::regclass AND c.relname ~ '^event_attempt_[0-9]{8}$'
  LOOP
    IF to_date(right(partition, 8), 'YYYYMMDD') < today - days_kept THEN
      EXECUTE format('DROP TABLE %I', partition);
      dropped := dropped + 1;
    END IF;
  END LOOP;
  FOR i IN 0 .. days_ahead LOOP
    day := today + i;
    partition := 'event_attempt_' || to_char(day, 'YYYYMMDD');
    IF to_regclass(partition) IS NULL THEN
      LOCK TABLE event_attempt_default IN ACCESS EXCLUSIVE MODE;
      EXECUTE format('CREATE TABLE %I (LIKE event_attempt INCLUDING ALL)', partition);
      EXECUTE format(
        'WITH moved AS (DELETE FROM event_attempt_default WHERE ended_at >= %L AND ended_at < %L RETURNING *) '
        'INSERT INTO %I SELECT * FROM moved',
        day || ' 00:00+00', (day + 1) || ' 00:00+00', partition);
      EXECUTE format(
        'ALTER TABLE event_attempt ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        partition, day || ' 00:00+00', (day + 1) || ' 00:00+00');
    END IF;
  END LOOP;
  DELETE FROM event_attempt_default WHERE ended_at < (today - days_kept)::timestamptz;
  RETURN dropped;
END $$;

SELECT maintain_event_attempts(2, 36500);

-- As before, but a held event has no time of its next attempt.
CREATE OR REPLACE VIEW events AS
SELECT
  e.id, e.subject_id AS user_id, e.event_type, 'PENDING' AS status,
  e.target_timestamp_utc, e.target_timestamp_local, e.target_timezone, e.tzdb_version,
  NULL::timestamptz AS executed_at,
  (SELECT d.failure_reason FROM event_due d WHERE d.event_id = e.id) AS failure_reason,
  (SELECT d.attempts FROM event_due d WHERE d.event_id = e.id) AS retry_count,
  (SELECT d.version FROM event_due d WHERE d.event_id = e.id) AS version,
  e.idempotency_key, e.delivery_payload,
  (SELECT nullif(d.due_at, 'infinity') FROM event_due d WHERE d.event_id = e.id) AS next_attempt_at,
  e.created_at, e.updated_at
FROM event e
-- Not NOT EXISTS: the planner would make it a join, which has no order by id to merge.
WHERE (SELECT c.version FROM event_claim c WHERE c.event_id = e.id) IS NULL
UNION ALL
SELECT
  e.id, e.subject_id, e.event_type, 'PROCESSING', e.target_timestamp_utc, e.target_timestamp_local,
  e.target_timezone, e.tzdb_version, NULL, NULL, c.attempts - 1, c.version, e.idempotency_key,
  e.delivery_payload, NULL, e.created_at, greatest(e.updated_at, c.claimed_at)
FROM event_claim c JOIN event e ON e.id = c.event_id
UNION ALL
SELECT
  id, subject_id, event_type, 'FAILED', target_timestamp_utc, target_timestamp_local, target_timezone,
  tzdb_version, executed_at, failure_reason, attempts - 1, version, idempotency_key, delivery_payload,
  NULL, created_at, executed_at
FROM dead_letter
UNION ALL
SELECT
  id, subject_id, event_type, status, target_timestamp_utc, target_timestamp_local, target_timezone,
  tzdb_version, executed_at, failure_reason, greatest(attempts - 1, 0), version, idempotency_key, delivery_payload,
  NULL, created_at, archived_at
FROM event_history;
