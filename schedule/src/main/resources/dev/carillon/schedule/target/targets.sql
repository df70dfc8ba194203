-- What the targets of schedules keep in this database.

-- name: limit_statements
SELECT set_config('statement_timeout', :millis, true)

-- name: begin_run
INSERT INTO schedule_sql_run (run_id, ran_at) VALUES (:run, :now) ON CONFLICT DO NOTHING

-- name: forget_runs
-- A run that is live or a dead letter may come again, however old it is.
DELETE FROM schedule_sql_run WHERE ctid = ANY (ARRAY(
  SELECT r.ctid FROM schedule_sql_run r
  WHERE r.ran_at < :before
    AND NOT EXISTS (SELECT FROM event e WHERE e.id = r.run_id)
    AND NOT EXISTS (SELECT FROM dead_letter d WHERE d.id = r.run_id)
  ORDER BY r.ran_at
  LIMIT :limit
  FOR UPDATE SKIP LOCKED))

-- name: enqueue
WITH run AS (
  INSERT INTO schedule_sql_run (run_id, ran_at) VALUES (:run, :now) ON CONFLICT DO NOTHING RETURNING run_id
)
INSERT INTO queue_message (queue, run_id, payload, enqueued_at)
SELECT :queue, run_id, :payload::jsonb, :now FROM run
ON CONFLICT (run_id) DO NOTHING
