-- Schedules. What people edit is one wide row; what the planners look for and write at each firing is
-- one narrow row, so that a million schedules cost an index of a million small entries and no more.

CREATE TABLE schedule (
  id               uuid        PRIMARY KEY,
  grp              text        NOT NULL DEFAULT 'default' CHECK (length(grp) BETWEEN 1 AND 64),
  name             text        NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
  description      text        NOT NULL DEFAULT '' CHECK (length(description) <= 512),
  tags             text[]      NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 50),
  expression       text        NOT NULL CHECK (length(expression) BETWEEN 1 AND 1024),
  zone             text        NOT NULL,
  gap              text        NOT NULL CHECK (gap IN ('SHIFT_FORWARD', 'END_OF_GAP', 'SKIP')),
  overlap          text        NOT NULL CHECK (overlap IN ('FIRST', 'SECOND', 'BOTH')),
  start_at         timestamptz,
  end_at           timestamptz,
  excluded_dates   date[]      NOT NULL DEFAULT '{}' CHECK (cardinality(excluded_dates) <= 10000),
  calendars        text[]      NOT NULL DEFAULT '{}' CHECK (cardinality(calendars) <= 20),
  misfire          text        NOT NULL CHECK (misfire IN ('FIRE_ALL', 'FIRE_ONCE', 'SKIP')),
  catch_up_seconds bigint      NOT NULL CHECK (catch_up_seconds BETWEEN 1 AND 31622400),
  max_catch_up     integer     NOT NULL CHECK (max_catch_up BETWEEN 1 AND 1000),
  run_overlap      text        NOT NULL CHECK (run_overlap IN ('ALLOW', 'SKIP', 'BUFFER_ONE', 'BUFFER_ALL', 'CANCEL_OTHER')),
  jitter_seconds   integer     NOT NULL DEFAULT 0 CHECK (jitter_seconds BETWEEN 0 AND 86400),
  max_age_seconds  bigint      CHECK (max_age_seconds BETWEEN 1 AND 31622400),
  max_attempts     integer     CHECK (max_attempts BETWEEN 1 AND 100),
  retry_seconds    integer[]   CHECK (cardinality(retry_seconds) BETWEEN 1 AND 24),
  pause_on_failure boolean     NOT NULL DEFAULT false,
  after_last_run   text        NOT NULL CHECK (after_last_run IN ('KEEP', 'DELETE')),
  target_kind      text        NOT NULL CHECK (length(target_kind) BETWEEN 1 AND 64),
  target           jsonb       NOT NULL,
  input            text        CHECK (length(input) <= 65536),
  state            text        NOT NULL CHECK (state IN ('ENABLED', 'PAUSED', 'ENDED')),
  state_reason     text        NOT NULL DEFAULT '',
  state_since      timestamptz NOT NULL,
  anchor_at        timestamptz NOT NULL,
  revision         bigint      NOT NULL DEFAULT 1 CHECK (revision > 0),
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  UNIQUE (grp, name),
  CHECK (start_at IS NULL OR end_at IS NULL OR start_at < end_at),
  CHECK (max_attempts IS NULL OR retry_seconds IS NULL)
);

CREATE INDEX schedule_by_calendar ON schedule USING gin (calendars);
CREATE INDEX schedule_by_tag ON schedule USING gin (tags);
CREATE INDEX schedule_that_pauses_on_failure ON schedule (id) WHERE pause_on_failure AND state = 'ENABLED';
CREATE INDEX schedule_to_delete ON schedule (id) WHERE after_last_run = 'DELETE' AND state = 'ENDED';

COMMENT ON TABLE schedule IS 'When what is done: an expression in a zone, a target, and how it behaves, by name';
COMMENT ON COLUMN schedule.anchor_at IS 'What rates count from where there is no start: the creation, or the last change of the expression';

-- Whoever changes a schedule locks its row here after its row in schedule; planners lock only this one.
CREATE TABLE schedule_due (
  schedule_id   uuid        PRIMARY KEY,
  next_at       timestamptz,
  next_local    timestamp,
  planned_up_to timestamptz NOT NULL,
  planned_local timestamp,
  tzdb_version  text        NOT NULL,
  end_reason    text,
  left_until    timestamptz,
  look_at       timestamptz GENERATED ALWAYS AS (CASE WHEN next_at IS NOT NULL THEN greatest(next_at, left_until) END) STORED,
  CHECK (next_at IS NULL OR end_reason IS NULL)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);

CREATE INDEX schedule_due_in_order ON schedule_due (look_at, schedule_id) WHERE look_at IS NOT NULL;
CREATE INDEX schedule_due_that_ended ON schedule_due (schedule_id) WHERE end_reason IS NOT NULL;

COMMENT ON TABLE schedule_due IS 'Up to which nominal time each schedule is planned, and when a planner must look at it next';
COMMENT ON COLUMN schedule_due.next_at IS 'The next nominal time; null while the schedule is paused or has ended';
COMMENT ON COLUMN schedule_due.planned_up_to IS 'Every nominal time up to here was planned or noted as missed; the next is the first after it';
COMMENT ON COLUMN schedule_due.left_until IS 'A process that could not read or plan it leaves it to others until then; what is due stays due';
COMMENT ON COLUMN schedule_due.look_at IS 'When a planner must look at it';
COMMENT ON COLUMN schedule_due.end_reason IS 'Nothing follows any more: to be noted in schedule';

CREATE TABLE schedule_miss (
  schedule_id   uuid        NOT NULL,
  nominal_at    timestamptz NOT NULL,
  nominal_local timestamp   NOT NULL,
  reason        text        NOT NULL,
  count         bigint      NOT NULL DEFAULT 1 CHECK (count > 0),
  noted_at      timestamptz NOT NULL,
  PRIMARY KEY (schedule_id, nominal_at)
);

CREATE INDEX schedule_miss_by_age ON schedule_miss (noted_at);

COMMENT ON TABLE schedule_miss IS 'Firings that were not run, each with the reason; count > 1 stands for that many from nominal_at on';

CREATE TABLE calendar (
  name       text        PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
  dates      date[]      NOT NULL CHECK (cardinality(dates) <= 10000),
  source     text,
  updated_at timestamptz NOT NULL,
  url        text        CHECK (length(url) BETWEEN 1 AND 2048),
  fetch_at   timestamptz,
  fetched_at timestamptz,
  last_error text        CHECK (length(last_error) BETWEEN 1 AND 500),
  look_since timestamptz,
  CHECK ((url IS NULL) = (fetch_at IS NULL) AND (url IS NULL) = (fetched_at IS NULL)),
  CHECK (url IS NOT NULL OR last_error IS NULL)
);

CREATE INDEX calendar_to_fetch ON calendar (fetch_at) WHERE url IS NOT NULL;

COMMENT ON TABLE calendar IS 'Named lists of dates on which schedules that name them do not fire';
COMMENT ON COLUMN calendar.url IS 'Where the dates are fetched from, again and again; null if they were given';
COMMENT ON COLUMN calendar.fetch_at IS 'When they are to be fetched next; moved ahead by whoever fetches them, who stores by it';
COMMENT ON COLUMN calendar.fetched_at IS 'When they were last fetched with success';
COMMENT ON COLUMN calendar.last_error IS 'Why the last fetch failed; null if it did not';
COMMENT ON COLUMN calendar.look_since IS 'Since when its schedules are to be planned by other dates, as long as some may not be; else null';
