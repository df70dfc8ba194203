-- The engine's tables. Three populations, three places: live events (pending and processing),
-- dead letters, and history. A live event is one wide row that no attempt rewrites, and one narrow
-- row in event_due or event_claim: far-future rows, payloads and history never share the claim index.
-- No foreign keys here: the engine's statements move rows between these tables in one transaction.

-- Keys are compared for equality only: in the database's own collation each insertion into their
-- index would pay for comparing them as a language does.
CREATE TABLE event (
  id                     uuid        PRIMARY KEY,
  subject_id             uuid        NOT NULL,
  event_type             text        NOT NULL CHECK (length(event_type) BETWEEN 1 AND 64),
  idempotency_key        text        COLLATE "C" NOT NULL UNIQUE CHECK (length(idempotency_key) BETWEEN 1 AND 200),
  target_timestamp_utc   timestamptz NOT NULL,
  target_timestamp_local timestamp   NOT NULL,
  target_timezone        text        NOT NULL,
  tzdb_version           text        NOT NULL,
  delivery_payload       jsonb       NOT NULL,
  created_at             timestamptz NOT NULL DEFAULT now(),
  updated_at             timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

CREATE INDEX event_by_subject ON event (subject_id, event_type, id);

COMMENT ON TABLE event IS 'Live events: the wall-clock time is the truth, target_timestamp_utc is derived with tzdb_version';

CREATE TABLE event_due (
  event_id       uuid        PRIMARY KEY,
  due_at         timestamptz NOT NULL,
  version        bigint      NOT NULL DEFAULT 0 CHECK (version >= 0),
  attempts       integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  failure_reason text
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX event_due_in_claim_order ON event_due (due_at, event_id);

COMMENT ON TABLE event_due IS 'Which live events wait, and until when; version is the fencing token of the last claim';

CREATE TABLE event_claim (
  event_id   uuid        PRIMARY KEY,
  process_id uuid        NOT NULL,
  version    bigint      NOT NULL CHECK (version > 0),
  attempts   integer     NOT NULL CHECK (attempts > 0),
  claimed_at timestamptz NOT NULL DEFAULT now()
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

COMMENT ON TABLE event_claim IS 'Which live events a process is performing; void when the process has no row in process';

CREATE TABLE process (
  id          uuid        PRIMARY KEY,
  name        text        NOT NULL,
  joined_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  lease_until timestamptz NOT NULL
) WITH (fillfactor = 50);

COMMENT ON TABLE process IS 'One lease and one heartbeat a process, by the clock of the database';

CREATE TABLE dead_letter (
  id                     uuid        PRIMARY KEY,
  subject_id             uuid        NOT NULL,
  event_type             text        NOT NULL,
  idempotency_key        text        COLLATE "C" NOT NULL,
  target_timestamp_utc   timestamptz NOT NULL,
  target_timestamp_local timestamp   NOT NULL,
  target_timezone        text        NOT NULL,
  tzdb_version           text        NOT NULL,
  delivery_payload       jsonb       NOT NULL,
  created_at             timestamptz NOT NULL,
  version                bigint      NOT NULL,
  attempts               integer     NOT NULL,
  executed_at            timestamptz NOT NULL,
  failure_reason         text        NOT NULL
);

CREATE INDEX dead_letter_by_subject ON dead_letter (subject_id, id);

COMMENT ON TABLE dead_letter IS 'Events that failed for good; kept until they are redriven or their subject is deleted';

CREATE TABLE event_history (
  id                     uuid        NOT NULL,
  subject_id             uuid        NOT NULL,
  event_type             text        NOT NULL,
  idempotency_key        text        COLLATE "C" NOT NULL,
  target_timestamp_utc   timestamptz NOT NULL,
  target_timestamp_local timestamp   NOT NULL,
  target_timezone        text        NOT NULL,
  tzdb_version           text        NOT NULL,
  delivery_payload       jsonb       NOT NULL,
  created_at             timestamptz NOT NULL,
  status                 text        NOT NULL CHECK (status IN ('COMPLETED', 'CANCELLED')),
  version                bigint      NOT NULL,
  attempts               integer     NOT NULL,
  executed_at            timestamptz,
  failure_reason         text,
  archived_at            timestamptz NOT NULL DEFAULT now(),
  CHECK (status <> 'COMPLETED' OR executed_at IS NOT NULL)
) PARTITION BY RANGE (archived_at);

CREATE INDEX event_history_by_id ON event_history (id);
CREATE INDEX event_history_by_subject ON event_history (subject_id, id);

COMMENT ON TABLE event_history IS 'Events that ended; append only, a partition a month, dropped whole';

-- Rows land here only if no partition of their month was made in time.
CREATE TABLE event_history_default PARTITION OF event_history DEFAULT;

-- Makes the partitions of this month and of months_ahead more, and drops those that ended more than
-- months_kept months ago. Returns how many were dropped. Rows that came before their month's partition
-- was made are moved into it. Locks are given up on after two seconds: the next call tries again.
CREATE FUNCTION maintain_event_history(months_ahead integer, months_kept integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  this_month date := date_trunc('month', now() AT TIME ZONE 'UTC');
  month date;
  partition text;
  dropped integer := 0;
BEGIN
  PERFORM set_config('lock_timeout', '2s', true);
  FOR partition IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'event_history'::regclass AND c.relname ~ '^event_history_[0-9]{6}$'
  LOOP
    IF to_date(right(partition, 6), 'YYYYMM') < this_month - make_interval(months => months_kept) THEN
      EXECUTE format('DROP TABLE %I', partition);
      dropped := dropped + 1;
    END IF;
  END LOOP;
  FOR i IN 0 .. months_ahead LOOP
    month := this_month + make_interval(months => i);
    partition := 'event_history_' || to_char(month, 'YYYYMM');
    IF to_regclass(partition) IS NULL THEN
      LOCK TABLE event_history_default IN ACCESS EXCLUSIVE MODE;
      EXECUTE format('CREATE TABLE %I (LIKE event_history INCLUDING ALL)', partition);
      EXECUTE format(
        'WITH moved AS (DELETE FROM event_history_default WHERE archived_at >= %L AND archived_at < %L RETURNING *) '
        'INSERT INTO %I SELECT * FROM moved',
        month || ' 00:00+00', (month + interval '1 month')::date || ' 00:00+00', partition);
      EXECUTE format(
        'ALTER TABLE event_history ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        partition, month || ' 00:00+00', (month + interval '1 month')::date || ' 00:00+00');
    END IF;
  END LOOP;
  RETURN dropped;
END $$;

SELECT maintain_event_history(2, 1200);

CREATE TABLE tzdata_fingerprint (
  tzdb_version text NOT NULL,
  zone         text NOT NULL,
  fingerprint  text NOT NULL,
  PRIMARY KEY (tzdb_version, zone)
);

COMMENT ON TABLE tzdata_fingerprint IS 'What each release of the time zone database said of each zone';

CREATE TABLE event_move (
  event_id          uuid        NOT NULL,
  moved_at          timestamptz NOT NULL DEFAULT now(),
  target_timezone   text        NOT NULL,
  from_utc          timestamptz NOT NULL,
  from_tzdb_version text        NOT NULL,
  to_utc            timestamptz NOT NULL,
  to_tzdb_version   text        NOT NULL
);

CREATE INDEX event_move_by_event ON event_move (event_id);

COMMENT ON TABLE event_move IS 'Which pending events were moved since a government changed its clocks';

-- Every event in every state, as one thing. Each part has its status as a constant, so that a query
-- for one status reads only its part; and an index by id and by subject, so that pages are merged.
CREATE VIEW events AS
SELECT
  e.id, e.subject_id AS user_id, e.event_type, 'PENDING' AS status,
  e.target_timestamp_utc, e.target_timestamp_local, e.target_timezone, e.tzdb_version,
  NULL::timestamptz AS executed_at,
  (SELECT d.failure_reason FROM event_due d WHERE d.event_id = e.id) AS failure_reason,
  (SELECT d.attempts FROM event_due d WHERE d.event_id = e.id) AS retry_count,
  (SELECT d.version FROM event_due d WHERE d.event_id = e.id) AS version,
  e.idempotency_key, e.delivery_payload,
  (SELECT d.due_at FROM event_due d WHERE d.event_id = e.id) AS next_attempt_at,
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

COMMENT ON VIEW events IS 'Every event: PENDING, PROCESSING, COMPLETED, FAILED (a dead letter) or CANCELLED';
