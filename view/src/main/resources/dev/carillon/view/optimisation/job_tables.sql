-- The tables of jobs as other code needs them, whoever made them.

-- name: differences
SELECT CASE
         WHEN to_regclass(w.of_table) IS NULL THEN 'there is no table ' || w.of_table
         ELSE format('%s has no column %s', w.of_table, string_agg(w.of_column, ', ' ORDER BY w.of_column))
       END
FROM (VALUES
  ('jobs', 'job_id'), ('jobs', 'bucket'), ('jobs', 'prefix'), ('jobs', 'execution_arn'),
  ('jobs', 'created_at'), ('jobs', 'updated_at'),
  ('job_objects', 'job_id'), ('job_objects', 'bucket'), ('job_objects', 'key'), ('job_objects', 'status'),
  ('job_objects', 'updated_at'),
  ('findings', 'job_id'), ('findings', 'bucket'), ('findings', 'key'), ('findings', 'detector'),
  ('materialized_view_refresh_log', 'view_name'), ('materialized_view_refresh_log', 'last_refreshed_at'),
  ('materialized_view_refresh_log', 'refresh_duration_ms'), ('materialized_view_refresh_log', 'total_jobs'),
  ('materialized_view_refresh_log', 'total_objects'),
  ('registered_view', 'name'), ('view_state', 'view_name')
) w (of_table, of_column)
WHERE NOT EXISTS (
  SELECT FROM pg_attribute a
  WHERE a.attrelid = to_regclass(w.of_table) AND a.attname = w.of_column AND NOT a.attisdropped)
GROUP BY w.of_table
ORDER BY w.of_table

-- name: add_execution_arn
ALTER TABLE jobs ADD COLUMN IF NOT EXISTS execution_arn text

-- name: add_duration
ALTER TABLE materialized_view_refresh_log ADD COLUMN IF NOT EXISTS refresh_duration_ms integer

-- name: add_jobs
ALTER TABLE materialized_view_refresh_log ADD COLUMN IF NOT EXISTS total_jobs integer

-- name: add_objects
ALTER TABLE materialized_view_refresh_log ADD COLUMN IF NOT EXISTS total_objects bigint
