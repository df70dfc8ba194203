-- The queue of refresh requests, and the tempo at which each upstream API is called.

-- One step of it is one batch: a request's arrival is the batch's number and its place within.
CREATE SEQUENCE refresh_arrival INCREMENT BY 1000;

-- One live request for each record. What is asked for while the record is in hand waits in again_*.
CREATE TABLE refresh_request (
  source             text        NOT NULL CHECK (length(source) BETWEEN 1 AND 64),
  type               text        NOT NULL CHECK (length(type) BETWEEN 1 AND 64),
  tag                text        NOT NULL CHECK (length(tag) BETWEEN 1 AND 128),
  priority           smallint    NOT NULL CHECK (priority BETWEEN 0 AND 3),
  requested_at       timestamptz NOT NULL,
  deadline           timestamptz NOT NULL,
  arrival            bigint      NOT NULL,
  takes              smallint    NOT NULL DEFAULT 0 CHECK (takes >= 0),
  lease              uuid,
  leased_until       timestamptz,
  again_priority     smallint    CHECK (again_priority BETWEEN 0 AND 3),
  again_requested_at timestamptz,
  again_deadline     timestamptz,
  again_arrival      bigint,
  PRIMARY KEY (source, type, tag),
  CHECK ((lease IS NULL) = (leased_until IS NULL)),
  CHECK (num_nulls(again_priority, again_requested_at, again_deadline, again_arrival) IN (0, 4)),
  CHECK (lease IS NOT NULL OR again_priority IS NULL)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
  autovacuum_analyze_scale_factor = 0.05);

-- Who waits, in the order of the queue. What is included lets waiting requests be counted in the index.
CREATE INDEX refresh_request_waiting ON refresh_request (source, deadline, arrival)
  INCLUDE (priority, requested_at) WHERE lease IS NULL;

CREATE INDEX refresh_request_in_hand ON refresh_request (source, leased_until) WHERE lease IS NOT NULL;

COMMENT ON TABLE refresh_request IS 'Records that are to be fetched again, by deadline';
COMMENT ON COLUMN refresh_request.priority IS '0 critical, 1 high, 2 medium, 3 low';
COMMENT ON COLUMN refresh_request.again_priority IS 'Asked for while it was in hand: queued when that is done';

CREATE TABLE refresh_dead (
  id     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text        NOT NULL,
  item   text        NOT NULL,
  reason text        NOT NULL,
  at     timestamptz NOT NULL
);

CREATE INDEX refresh_dead_by_source ON refresh_dead (source, id);

COMMENT ON TABLE refresh_dead IS 'Requests whose takers died again and again; the newest 10000 of each source';

CREATE TABLE refresh_tempo (
  source       text             PRIMARY KEY CHECK (length(source) BETWEEN 1 AND 64),
  call_limit   double precision NOT NULL CHECK (call_limit > 0),
  rate         double precision NOT NULL CHECK (rate > 0),
  slowed_at    timestamptz      NOT NULL,
  next_at      timestamptz      NOT NULL,
  pushed_us    bigint           NOT NULL DEFAULT 0 CHECK (pushed_us >= 0),
  paused_until timestamptz,
  pause_reason text,
  CHECK ((paused_until IS NULL) = (pause_reason IS NULL))
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

COMMENT ON TABLE refresh_tempo IS 'How fast each upstream API is called by all processes together';
COMMENT ON COLUMN refresh_tempo.pushed_us IS 'By how much slots were moved in all since calls left late, in microseconds';
