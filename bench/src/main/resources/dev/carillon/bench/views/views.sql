-- Jobs with many objects, made as fast as may be, and what changes them.

-- What is checked or kept row by row is taken off while the tables are filled. No vacuum comes in between
-- while something is measured: it would be charged to whoever is measured then.
-- name: strip_objects
ALTER TABLE job_objects
  DROP CONSTRAINT job_objects_pkey,
  DROP CONSTRAINT job_objects_job_id_fkey,
  SET (autovacuum_enabled = off)

-- name: strip_findings
ALTER TABLE findings
  DROP CONSTRAINT findings_job_id_fkey,
  DROP CONSTRAINT findings_bucket_key_etag_detector_byte_offset_key,
  SET (autovacuum_enabled = off)

-- Jobs that are younger than the view's interval would be counted, not read.
-- name: jobs
INSERT INTO jobs (bucket, prefix, execution_arn, created_at)
SELECT :bucket, 'run-' || n || '/', 'bench:' || n, now() - interval '1 day'
FROM generate_series(1, :jobs) n
RETURNING job_id

-- name: objects
INSERT INTO job_objects (job_id, bucket, key, etag, status, updated_at)
SELECT :job,
       :bucket,
       'part/' || lpad(n::text, 10, '0') || '.csv',
       lpad(to_hex(n), 16, '0'),
       CASE
         WHEN n > :objects::bigint * 65 / 100 THEN 'queued'
         WHEN n > :objects::bigint * 60 / 100 THEN 'processing'
         WHEN n % 100 = 0 THEN 'failed'
         ELSE 'succeeded'
       END,
       now() - (:objects::bigint - n) * interval '1 millisecond'
FROM generate_series(1, :objects::bigint) n

-- name: findings
INSERT INTO findings (job_id, bucket, key, etag, detector, masked_match, context, byte_offset)
SELECT :job,
       :bucket,
       'part/' || lpad(n::text, 10, '0') || '.csv',
       lpad(to_hex(n), 16, '0') || :job::text,
       (ARRAY['ssn', 'credit_card', 'email', 'us_phone', 'aws_access_key'])[1 + n % 5],
       '***-**-' || lpad((n % 10000)::text, 4, '0'),
       'a generated line',
       (n % 65536)::integer
FROM generate_series(10, :objects::bigint * 60 / 100, 10) n
WHERE n % 100 <> 0

-- name: restore_objects
ALTER TABLE job_objects
  ADD CONSTRAINT job_objects_pkey PRIMARY KEY (job_id, bucket, key, etag),
  ADD CONSTRAINT job_objects_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs (job_id) ON DELETE CASCADE

-- name: restore_findings
ALTER TABLE findings
  ADD CONSTRAINT findings_job_id_fkey FOREIGN KEY (job_id) REFERENCES jobs (job_id) ON DELETE CASCADE,
  ADD CONSTRAINT findings_bucket_key_etag_detector_byte_offset_key UNIQUE (bucket, key, etag, detector, byte_offset)

-- name: analyse
ANALYZE

-- Objects that stand between two numbers, in each of some jobs: each status becomes another one.
-- name: change
UPDATE job_objects
SET status = CASE status WHEN 'queued' THEN 'processing' WHEN 'processing' THEN 'succeeded' ELSE 'queued' END
WHERE job_id = ANY (:jobs)
  AND bucket = :bucket
  AND key BETWEEN 'part/' || lpad(:from::text, 10, '0') || '.csv' AND 'part/' || lpad(:to::text, 10, '0') || '.csv'

-- The same for clients that have nothing between them and the driver.
-- name: change_as_client
UPDATE job_objects
SET status = CASE status WHEN 'queued' THEN 'processing' WHEN 'processing' THEN 'succeeded' ELSE 'queued' END
WHERE job_id = ? AND bucket = ? AND key BETWEEN ? AND ?

-- name: refresh
REFRESH MATERIALIZED VIEW job_progress

-- name: select_one
SELECT 1

-- name: total_objects
SELECT sum(total_objects)::bigint FROM job_progress

-- name: explain
EXPLAIN (ANALYZE, BUFFERS) <statement>

-- name: settings
SELECT name, current_setting(name) AS value FROM pg_settings
WHERE name IN ('shared_buffers', 'work_mem', 'maintenance_work_mem', 'max_wal_size', 'fsync', 'synchronous_commit',
  'full_page_writes', 'max_worker_processes', 'max_parallel_workers', 'max_parallel_workers_per_gather', 'jit',
  'random_page_cost', 'effective_cache_size')
ORDER BY name

-- What people write by hand: a row for each job, which every change of one of its objects adds to.
-- name: counter_table
CREATE TABLE job_counter (
  job_id uuid PRIMARY KEY,
  queued bigint NOT NULL, processing bigint NOT NULL, succeeded bigint NOT NULL, failed bigint NOT NULL
) WITH (fillfactor = 50)

-- name: counter_fill
INSERT INTO job_counter
SELECT job_id, count(*) FILTER (WHERE status = 'queued'), count(*) FILTER (WHERE status = 'processing'),
  count(*) FILTER (WHERE status = 'succeeded'), count(*) FILTER (WHERE status = 'failed')
FROM job_objects
GROUP BY job_id

-- name: counter_function
CREATE FUNCTION job_counter_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE job_counter
  SET queued = queued + (NEW.status = 'queued')::int - (OLD.status = 'queued')::int,
      processing = processing + (NEW.status = 'processing')::int - (OLD.status = 'processing')::int,
      succeeded = succeeded + (NEW.status = 'succeeded')::int - (OLD.status = 'succeeded')::int,
      failed = failed + (NEW.status = 'failed')::int - (OLD.status = 'failed')::int
  WHERE job_id = NEW.job_id;
  RETURN NULL;
END
$$

-- name: counter_trigger
CREATE TRIGGER job_counter_add AFTER UPDATE ON job_objects FOR EACH ROW EXECUTE FUNCTION job_counter_add()

-- name: counter_mismatches
SELECT count(*)
FROM job_counter c
JOIN (
  SELECT job_id, count(*) FILTER (WHERE status = 'queued') AS queued,
    count(*) FILTER (WHERE status = 'processing') AS processing,
    count(*) FILTER (WHERE status = 'succeeded') AS succeeded, count(*) FILTER (WHERE status = 'failed') AS failed
  FROM job_objects
  GROUP BY job_id
) o USING (job_id)
WHERE (c.queued, c.processing, c.succeeded, c.failed) IS DISTINCT FROM (o.queued, o.processing, o.succeeded, o.failed)
