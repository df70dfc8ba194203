-- What is known of each record of a source, the calls that failed, and the drains that made them. But for the
-- few records with a look to come, no index holds what a drain writes again and again.

CREATE TABLE refresh_record (
  source      text        NOT NULL,
  type        text        NOT NULL,
  tag         text        NOT NULL,
  found       boolean     NOT NULL,
  fetched_at  timestamptz NOT NULL,
  fresh_until timestamptz NOT NULL,
  look_at     timestamptz,
  look_queued boolean     NOT NULL DEFAULT false,
  changed_at  timestamptz,
  reason      text,
  PRIMARY KEY (source, type, tag),
  CHECK (found = (reason IS NULL))
) WITH (fillfactor = 80);

CREATE INDEX refresh_record_looks ON refresh_record (source, look_at) WHERE look_at IS NOT NULL AND NOT look_queued;

COMMENT ON TABLE refresh_record IS 'How fresh each record is that was ever fetched';
COMMENT ON COLUMN refresh_record.found IS 'Whether the source had it';
COMMENT ON COLUMN refresh_record.fetched_at IS 'When the source was asked: the record is as fresh as this';
COMMENT ON COLUMN refresh_record.fresh_until IS 'Asking again before brings the same';
COMMENT ON COLUMN refresh_record.look_at IS 'When the source wants it to be looked at again; null if it does not say';
COMMENT ON COLUMN refresh_record.look_queued IS 'Whether that was queued, because it had come';
COMMENT ON COLUMN refresh_record.changed_at IS 'When it was last seen to have changed';
COMMENT ON COLUMN refresh_record.reason IS 'Why it was not found';

CREATE TABLE refresh_failure (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source      text        NOT NULL,
  type        text        NOT NULL,
  tag         text        NOT NULL,
  priority    text        NOT NULL CHECK (priority IN ('CRITICAL', 'HIGH', 'MEDIUM', 'LOW')),
  reason      text        NOT NULL,
  failed_at   timestamptz NOT NULL,
  redriven_at timestamptz
);

CREATE INDEX refresh_failure_by_time ON refresh_failure (source, failed_at);
CREATE INDEX refresh_failure_open ON refresh_failure (source, id) WHERE redriven_at IS NULL;

COMMENT ON TABLE refresh_failure IS 'Calls that failed; they are not made again unless somebody redrives them';
COMMENT ON COLUMN refresh_failure.redriven_at IS 'When it was queued again; null if it was not';

CREATE TABLE refresh_drain (
  id           bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source       text             NOT NULL,
  started_at   timestamptz      NOT NULL,
  ended_at     timestamptz,
  ended        text             CHECK (ended IN ('EMPTY', 'TIME', 'STOPPED', 'PAUSED', 'REFUSED', 'UNAVAILABLE')),
  detail       text,
  processed    bigint           NOT NULL DEFAULT 0,
  failed       bigint           NOT NULL DEFAULT 0,
  dropped      bigint           NOT NULL DEFAULT 0,
  calls        bigint           NOT NULL DEFAULT 0,
  calls_second double precision NOT NULL DEFAULT 0,
  CHECK ((ended IS NULL) = (ended_at IS NULL))
);

CREATE INDEX refresh_drain_by_source ON refresh_drain (source, id);

COMMENT ON TABLE refresh_drain IS 'Drains of the last 30 days';
COMMENT ON COLUMN refresh_drain.ended_at IS 'Null while it runs, and if its process was killed';
COMMENT ON COLUMN refresh_drain.processed IS 'Requests that were fetched, found missing or failed';
COMMENT ON COLUMN refresh_drain.dropped IS 'Requests whose records were fresh enough';
