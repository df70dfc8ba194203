-- The peers' tables, where they do not make them themselves.

-- name: db_scheduler_table
-- The columns that db-scheduler 16 needs.
CREATE TABLE scheduled_tasks (
  task_name            text        NOT NULL,
  task_instance        text        NOT NULL,
  task_data            bytea,
  execution_time       timestamptz,
  picked               boolean     NOT NULL,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures integer,
  last_heartbeat       timestamptz,
  version              bigint      NOT NULL,
  priority             smallint,
  state                text,
  PRIMARY KEY (task_name, task_instance)
)

-- name: db_scheduler_due_index
CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time)

-- name: db_scheduler_heartbeat_index
CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)

-- name: db_scheduler_priority_index
CREATE INDEX priority_execution_time_idx ON scheduled_tasks (priority DESC, execution_time)

-- name: db_scheduler_load
INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version, priority)
SELECT :task, gen_random_uuid()::text, :from::timestamptz + (:to::timestamptz - :from::timestamptz) * n / :count,
  false, 1, 50
FROM generate_series(1, :count) AS n

-- name: db_scheduler_left
SELECT count(*) FROM scheduled_tasks

-- name: jobrunr_succeeded
SELECT count(*) FROM jobrunr_jobs WHERE state = 'SUCCEEDED'
