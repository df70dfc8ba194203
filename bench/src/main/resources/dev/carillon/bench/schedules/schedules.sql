-- name: load
-- As Schedules.create does, but made by the server: schedules whose first times are evenly spread.
WITH made AS (
  INSERT INTO schedule (id, name, expression, zone, gap, overlap, misfire, catch_up_seconds, max_catch_up,
    run_overlap, after_last_run, target_kind, target, state, state_since, anchor_at, created_at, updated_at)
  SELECT uuidv7(), 'bench-' || n, :expression, 'UTC', 'SKIP', 'FIRST', 'FIRE_ONCE', 86400, 100,
    'ALLOW', 'KEEP', :kind, '{"to": "nobody"}', 'ENABLED', now(), t.at, now(), now()
  FROM generate_series(1, :count) AS n,
    LATERAL (SELECT :from::timestamptz + (:to::timestamptz - :from::timestamptz) * n / :count AS at) AS t
  RETURNING id, anchor_at
)
INSERT INTO schedule_due (schedule_id, next_at, next_local, planned_up_to, tzdb_version)
SELECT id, anchor_at, anchor_at AT TIME ZONE 'UTC', anchor_at - interval '1 second', :tzdb_version FROM made
