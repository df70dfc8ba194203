-- Views that are kept fresh. What people declare is one row, which an edit may lock at any time; what
-- the workers write, and lock for as long as they work, is another, so that neither waits for the other.

CREATE TABLE registered_view (
  name             text        PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 40),
  tier             text        NOT NULL CHECK (tier IN ('LEDGER', 'KEYED', 'FULL')),
  query            text        NOT NULL CHECK (length(query) BETWEEN 1 AND 65536),
  key_columns      text[]      NOT NULL DEFAULT '{}' CHECK (cardinality(key_columns) <= 32),
  interval_millis  bigint      NOT NULL CHECK (interval_millis BETWEEN 100 AND 31622400000),
  objective_millis bigint      NOT NULL CHECK (objective_millis BETWEEN 100 AND 31622400000),
  created_at       timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE registered_view IS 'Views that are kept fresh: by name, how, how often, and how old they may be';
COMMENT ON COLUMN registered_view.tier IS 'LEDGER: exact at every read. KEYED: run again for touched keys. FULL: run again whole';
COMMENT ON COLUMN registered_view.interval_millis IS 'How often it is brought up to date, where it is not exact by itself';
COMMENT ON COLUMN registered_view.objective_millis IS 'How old an answer may be before the view counts as stale';

-- Whoever works on a view locks its row here (SKIP LOCKED): two never work on the same one.
CREATE TABLE view_state (
  view_name     text        PRIMARY KEY REFERENCES registered_view (name) ON DELETE CASCADE,
  exact         boolean     NOT NULL DEFAULT true,
  reason        text,
  proven_at     timestamptz,
  failures      integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
  last_error    text        CHECK (length(last_error) <= 2000),
  last_error_at timestamptz,
  retry_at      timestamptz,
  CHECK (exact = (reason IS NULL))
) WITH (fillfactor = 70);

COMMENT ON TABLE view_state IS 'How a view is: whether it can be trusted, and what its last failures were';
COMMENT ON COLUMN view_state.exact IS 'Whether nothing is known that makes the view differ from its query as of its time';
COMMENT ON COLUMN view_state.proven_at IS 'When it was last known to be as fresh as it says';
COMMENT ON COLUMN view_state.failures IS 'How many attempts in a row failed';
COMMENT ON COLUMN view_state.retry_at IS 'When a failed attempt is made again; null if none has failed';

-- A deployment made by hand has this table: it stays as it is, whoever owns it.
DO $$
BEGIN
  IF to_regclass('materialized_view_refresh_log') IS NULL THEN
    CREATE TABLE materialized_view_refresh_log (
      view_name           text        PRIMARY KEY,
      last_refreshed_at   timestamptz NOT NULL DEFAULT now(),
      refresh_duration_ms integer,
      total_jobs          integer,
      total_objects       bigint
    );
    COMMENT ON TABLE materialized_view_refresh_log IS 'The last refresh of each view, written in its transaction';
    COMMENT ON COLUMN materialized_view_refresh_log.last_refreshed_at IS 'What was committed before then is in the view';
  END IF;
END
$$;

CREATE TABLE view_refresh_history (
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  view_name     text        NOT NULL,
  cause         text        NOT NULL CHECK (cause IN ('MANUAL', 'SCHEDULE', 'MIGRATE', 'RETRY')),
  outcome       text        NOT NULL CHECK (outcome IN ('REFRESHED', 'BUSY', 'IMPOSSIBLE', 'FAILED')),
  as_of         timestamptz,
  ended_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  duration_ms   bigint      NOT NULL CHECK (duration_ms >= 0),
  is_concurrent boolean,
  row_count     bigint,
  total_jobs    bigint,
  total_objects bigint,
  note          text        CHECK (length(note) <= 2000)
);

CREATE INDEX view_refresh_history_in_order ON view_refresh_history (view_name, id DESC);
CREATE INDEX view_refresh_history_by_age ON view_refresh_history (ended_at);

COMMENT ON TABLE view_refresh_history IS 'Refreshes that were asked for, and what came of each; old ones are forgotten';
COMMENT ON COLUMN view_refresh_history.as_of IS 'What was committed before then is in the view; null if it was not refreshed';
COMMENT ON COLUMN view_refresh_history.note IS 'The error, who was at it already, or why readers had to wait';
