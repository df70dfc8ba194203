-- The view of jobs, and what belongs to it: made by migrations of their own, with names, not at start.

-- Jobs that are pre-aggregated before they are joined: a job with many findings does not multiply its objects.
-- 100 means done: what is not done shows at most 99.99.
-- name: query
SELECT j.job_id,
       j.bucket,
       j.prefix,
       j.execution_arn,
       j.created_at,
       j.updated_at,
       coalesce(o.total_objects, 0) AS total_objects,
       coalesce(o.queued_count, 0) AS queued_count,
       coalesce(o.processing_count, 0) AS processing_count,
       coalesce(o.succeeded_count, 0) AS succeeded_count,
       coalesce(o.failed_count, 0) AS failed_count,
       coalesce(f.total_findings, 0) AS total_findings,
       CASE
         WHEN coalesce(o.total_objects, 0) = 0 THEN 0.00
         WHEN o.succeeded_count + o.failed_count = o.total_objects THEN 100.00
         ELSE least(round(100.0 * (o.succeeded_count + o.failed_count) / o.total_objects, 2), 99.99)
       END AS progress_percent,
       o.last_object_update
FROM jobs j
LEFT JOIN (
  SELECT job_id,
         count(*) AS total_objects,
         count(*) FILTER (WHERE status = 'queued') AS queued_count,
         count(*) FILTER (WHERE status = 'processing') AS processing_count,
         count(*) FILTER (WHERE status = 'succeeded') AS succeeded_count,
         count(*) FILTER (WHERE status = 'failed') AS failed_count,
         max(updated_at) AS last_object_update
  FROM job_objects
  GROUP BY job_id
) o ON o.job_id = j.job_id
LEFT JOIN (
  SELECT job_id, count(*) AS total_findings
  FROM findings
  GROUP BY job_id
) f ON f.job_id = j.job_id

-- The same where the counts are kept by a ledger, which can keep no maximum: one look into the index
-- (job_id, updated_at DESC) finds it.
-- name: query_incremental
SELECT j.job_id,
       j.bucket,
       j.prefix,
       j.execution_arn,
       j.created_at,
       j.updated_at,
       coalesce(o.total_objects, 0) AS total_objects,
       coalesce(o.queued_count, 0) AS queued_count,
       coalesce(o.processing_count, 0) AS processing_count,
       coalesce(o.succeeded_count, 0) AS succeeded_count,
       coalesce(o.failed_count, 0) AS failed_count,
       coalesce(f.total_findings, 0) AS total_findings,
       CASE
         WHEN coalesce(o.total_objects, 0) = 0 THEN 0.00
         WHEN o.succeeded_count + o.failed_count = o.total_objects THEN 100.00
         ELSE least(round(100.0 * (o.succeeded_count + o.failed_count) / o.total_objects, 2), 99.99)
       END AS progress_percent,
       u.last_object_update
FROM jobs j
LEFT JOIN (
  SELECT job_id,
         count(*) AS total_objects,
         count(*) FILTER (WHERE status = 'queued') AS queued_count,
         count(*) FILTER (WHERE status = 'processing') AS processing_count,
         count(*) FILTER (WHERE status = 'succeeded') AS succeeded_count,
         count(*) FILTER (WHERE status = 'failed') AS failed_count
  FROM job_objects
  GROUP BY job_id
) o ON o.job_id = j.job_id
LEFT JOIN (
  SELECT job_id, count(*) AS total_findings
  FROM findings
  GROUP BY job_id
) f ON f.job_id = j.job_id
LEFT JOIN LATERAL (
  SELECT max(updated_at) AS last_object_update
  FROM job_objects latest
  WHERE latest.job_id = j.job_id
) u ON true

-- name: index_job_status
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_job_objects_job_status ON job_objects (job_id, status)

-- name: index_job_updated
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_job_objects_job_updated ON job_objects (job_id, updated_at DESC)

-- name: index_bucket_key
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_job_objects_bucket_key_composite ON job_objects (bucket, key, job_id)

-- name: index_findings
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_findings_job_detector ON findings (job_id, detector)

-- name: index_jobs
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_jobs_created ON jobs (created_at DESC, job_id DESC)

-- Filled by its first refresh, which writes the log: no reader ever sees it without knowing how fresh it is.
-- name: view
CREATE MATERIALIZED VIEW IF NOT EXISTS job_progress AS <query> WITH NO DATA

-- name: view_index_job
CREATE UNIQUE INDEX IF NOT EXISTS idx_job_progress_job_id ON job_progress (job_id)

-- name: view_index_percent
CREATE INDEX IF NOT EXISTS idx_job_progress_percent ON job_progress (progress_percent)

-- name: view_index_created
CREATE INDEX IF NOT EXISTS idx_job_progress_created ON job_progress (created_at DESC)

-- name: view_grant
GRANT SELECT ON job_progress TO PUBLIC

-- name: active_jobs
CREATE OR REPLACE VIEW active_jobs_progress AS
SELECT job_id, bucket, prefix, execution_arn, created_at, updated_at, total_objects, queued_count,
       processing_count, succeeded_count, failed_count, total_findings, progress_percent, last_object_update
FROM job_progress
WHERE progress_percent < 100
ORDER BY created_at DESC

-- name: active_jobs_grant
GRANT SELECT ON active_jobs_progress TO PUBLIC

-- name: statistics
CREATE OR REPLACE VIEW job_statistics AS
SELECT count(*) AS total_jobs,
       count(*) FILTER (WHERE progress_percent = 100) AS completed_jobs,
       count(*) FILTER (WHERE progress_percent > 0 AND progress_percent < 100) AS in_progress_jobs,
       count(*) FILTER (WHERE progress_percent = 0) AS pending_jobs,
       coalesce(sum(total_objects), 0) AS total_objects_all_jobs,
       coalesce(sum(succeeded_count + failed_count), 0) AS total_objects_processed,
       coalesce(sum(total_findings), 0) AS total_findings_all_jobs,
       round(avg(progress_percent), 2) AS avg_progress,
       max(created_at) AS most_recent_job,
       min(created_at) FILTER (WHERE progress_percent < 100) AS oldest_active_job
FROM job_progress

-- name: statistics_grant
GRANT SELECT ON job_statistics TO PUBLIC

-- For whoever refreshes by SQL: with its log row, and of no effect where the view keeps itself up to date.
-- name: refresh_function
CREATE OR REPLACE FUNCTION refresh_job_progress() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  kept record;
BEGIN
  SELECT relkind, relispopulated INTO STRICT kept FROM pg_class WHERE oid = 'job_progress'::regclass;
  IF kept.relkind <> 'm' THEN
    RETURN;
  END IF;
  IF kept.relispopulated THEN
    REFRESH MATERIALIZED VIEW CONCURRENTLY job_progress;
  ELSE
    REFRESH MATERIALIZED VIEW job_progress;
  END IF;
  INSERT INTO materialized_view_refresh_log AS log
    (view_name, last_refreshed_at, refresh_duration_ms, total_jobs, total_objects)
  SELECT 'job_progress',
         now(),
         (extract(epoch FROM clock_timestamp() - now()) * 1000)::integer,
         count(*),
         coalesce(sum(total_objects), 0)
  FROM job_progress
  ON CONFLICT (view_name) DO UPDATE
  SET last_refreshed_at = excluded.last_refreshed_at,
      refresh_duration_ms = excluded.refresh_duration_ms,
      total_jobs = excluded.total_jobs,
      total_objects = excluded.total_objects;
END
$$

-- name: refresh_function_grant
GRANT EXECUTE ON FUNCTION refresh_job_progress() TO PUBLIC

-- name: should_refresh_function
CREATE OR REPLACE FUNCTION should_refresh_progress(last_refreshed timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT last_refreshed IS NULL OR now() - last_refreshed > interval '5 minutes'
$$

-- name: should_refresh_function_grant
GRANT EXECUTE ON FUNCTION should_refresh_progress(timestamptz) TO PUBLIC
