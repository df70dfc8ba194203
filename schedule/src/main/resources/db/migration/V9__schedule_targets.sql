-- What the targets of schedules keep in this database.

-- A run that changed something here has its row, written in the transaction of the change: a run that
-- comes again changes nothing twice.
CREATE TABLE schedule_sql_run (
  run_id uuid        PRIMARY KEY,
  ran_at timestamptz NOT NULL
);

CREATE INDEX schedule_sql_run_by_age ON schedule_sql_run (ran_at);

COMMENT ON TABLE schedule_sql_run IS 'Runs of schedules whose effect is in this database; forgotten when they cannot come again';

CREATE TABLE queue_message (
  queue       text        NOT NULL CHECK (length(queue) BETWEEN 1 AND 64),
  id          bigint      GENERATED ALWAYS AS IDENTITY,
  run_id      uuid        NOT NULL UNIQUE,
  payload     jsonb       NOT NULL,
  enqueued_at timestamptz NOT NULL,
  PRIMARY KEY (queue, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

COMMENT ON TABLE queue_message IS 'What schedules put into queues; whoever takes a message deletes its row';
