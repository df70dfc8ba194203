-- Jobs, and how far they are.

-- name: add
INSERT INTO jobs (job_id, bucket, prefix, execution_arn) VALUES (:id, :bucket, :prefix, :execution_arn)

-- name: find
SELECT job_id, bucket, prefix, execution_arn, created_at, updated_at FROM jobs WHERE job_id = :id

-- name: delete
DELETE FROM jobs WHERE job_id = :id

-- name: cached
SELECT p.job_id, p.bucket, p.prefix, p.execution_arn, p.created_at, p.updated_at,
       p.total_objects, p.queued_count, p.processing_count, p.succeeded_count, p.failed_count,
       p.total_findings, p.progress_percent, p.last_object_update,
       l.last_refreshed_at, l.refresh_duration_ms::bigint,
       r.tier, r.interval_millis, r.objective_millis, s.exact, s.reason, s.proven_at,
       statement_timestamp() AS read_at
FROM job_progress p
LEFT JOIN materialized_view_refresh_log l ON l.view_name = 'job_progress'
LEFT JOIN registered_view r ON r.name = 'job_progress'
LEFT JOIN view_state s ON s.view_name = 'job_progress'
WHERE p.job_id = ANY (:ids)

-- The same of one job, from a function whose plan each session keeps: to plan it takes longer than to run it. And of
-- one job only its own groups are added up: what an equality says of the view, it says of what the view is made of.
-- name: cached_one
SELECT * FROM carillon_job_reading(:id)

-- Each status is counted by itself: a stretch of the index (job_id, status), without comparing texts row by
-- row, which costs half of the time. Tables made by hand allow objects without a status.
-- name: live
SELECT j.job_id, j.bucket, j.prefix, j.execution_arn, j.created_at, j.updated_at,
       o.total_objects, c.queued_count, c.processing_count, c.succeeded_count, c.failed_count,
       f.total_findings,
       CASE
         WHEN o.total_objects = 0 THEN 0.00
         WHEN c.succeeded_count + c.failed_count = o.total_objects THEN 100.00
         ELSE least(round(100.0 * (c.succeeded_count + c.failed_count) / o.total_objects, 2), 99.99)
       END AS progress_percent,
       u.last_object_update,
       r.objective_millis, now() AS read_at
FROM jobs j
LEFT JOIN registered_view r ON r.name = 'job_progress'
CROSS JOIN LATERAL (
  SELECT (SELECT count(*) FROM job_objects WHERE job_id = j.job_id AND status = 'queued') AS queued_count,
         (SELECT count(*) FROM job_objects WHERE job_id = j.job_id AND status = 'processing') AS processing_count,
         (SELECT count(*) FROM job_objects WHERE job_id = j.job_id AND status = 'succeeded') AS succeeded_count,
         (SELECT count(*) FROM job_objects WHERE job_id = j.job_id AND status = 'failed') AS failed_count,
         (SELECT count(*) FROM job_objects WHERE job_id = j.job_id AND status IS NULL) AS other_count
  OFFSET 0
) c
CROSS JOIN LATERAL (
  SELECT c.queued_count + c.processing_count + c.succeeded_count + c.failed_count + c.other_count AS total_objects
  OFFSET 0
) o
CROSS JOIN LATERAL (
  SELECT count(*) AS total_findings FROM findings WHERE job_id = j.job_id
) f
CROSS JOIN LATERAL (
  SELECT max(updated_at) AS last_object_update FROM job_objects latest WHERE latest.job_id = j.job_id
) u
WHERE j.job_id = ANY (:ids)

-- name: live_limit
SELECT set_config('statement_timeout', :millis::text, true)

-- name: page
SELECT job_id, bucket, prefix, execution_arn, created_at, updated_at
FROM jobs
WHERE created_at IS NOT NULL
  AND (:bucket::text IS NULL OR bucket = :bucket::text)
  AND (:created_at::timestamptz IS NULL OR (created_at, job_id) < (:created_at::timestamptz, :id::uuid))
ORDER BY created_at DESC, job_id DESC
LIMIT :limit

-- Those that the view knows to be active, and the newest, which it may not have yet.
-- name: active
SELECT job_id FROM (
  (SELECT job_id, created_at FROM job_progress WHERE progress_percent < 100 ORDER BY created_at DESC NULLS LAST LIMIT :most)
  UNION
  (SELECT job_id, created_at FROM jobs ORDER BY created_at DESC NULLS LAST LIMIT :newest)
) known
ORDER BY created_at DESC NULLS LAST
LIMIT :most

-- name: newest
SELECT job_id FROM jobs ORDER BY created_at DESC NULLS LAST LIMIT least(:most::bigint, :newest::bigint)
