-- Jobs that do not scan anything: for demonstrations and benchmarks.

-- name: jobs
INSERT INTO jobs (job_id, bucket, prefix, execution_arn, created_at, updated_at)
SELECT gen_random_uuid(), :bucket, 'run-' || n || '/', 'generated:' || n, clock_timestamp(), clock_timestamp()
FROM generate_series(1, :jobs) n
RETURNING job_id

-- Nobody deletes the job until the transaction ends: what the foreign keys would find out for each row.
-- name: hold
SELECT job_id FROM jobs WHERE job_id = :job FOR KEY SHARE

-- Leaves the foreign keys' look-ups out, half of the time, where the user may. Triggers that keep ledgers are
-- ENABLE ALWAYS, and go on.
-- name: unchecked
SELECT set_config('session_replication_role', 'replica', true)
FROM pg_roles
WHERE rolname = current_user AND rolsuper

-- name: objects
INSERT INTO job_objects (job_id, bucket, key, etag, status, updated_at)
SELECT :job,
       :bucket,
       'part/' || lpad(n::text, 10, '0') || '.csv',
       substr(replace(:job::text, '-', ''), 1, 16),
       CASE
         WHEN n > :done::bigint THEN 'queued'
         WHEN n % :fail_every = 0 THEN 'failed'
         ELSE 'succeeded'
       END,
       clock_timestamp()
FROM generate_series(:from::bigint, :to::bigint) n

-- name: findings
INSERT INTO findings (job_id, bucket, key, etag, detector, masked_match, context, byte_offset)
SELECT :job,
       :bucket,
       'part/' || lpad(n::text, 10, '0') || '.csv',
       substr(replace(:job::text, '-', ''), 1, 16),
       (ARRAY['ssn', 'credit_card', 'email', 'us_phone', 'aws_access_key'])[1 + n % 5],
       '***-**-' || lpad((n % 10000)::text, 4, '0'),
       'a generated line',
       (n % 65536)::integer
FROM generate_series(:from::bigint, least(:to::bigint, :done::bigint)) n
WHERE n % :find_every = 0 AND n % :fail_every <> 0
ON CONFLICT DO NOTHING

-- What is being processed ends, and what waits begins; rows that somebody else has locked are left to them.
-- name: move_on
WITH ending AS MATERIALIZED (
  SELECT ctid FROM job_objects
  WHERE job_id = :job AND status = 'processing'
  LIMIT :most FOR UPDATE SKIP LOCKED
), beginning AS MATERIALIZED (
  SELECT ctid FROM job_objects
  WHERE job_id = :job AND status = 'queued'
  LIMIT :most FOR UPDATE SKIP LOCKED
), ended AS (
  UPDATE job_objects o
  SET status = CASE WHEN (CASE WHEN o.key ~ '^part/[0-9]{10}[.]csv$' THEN substr(o.key, 6, 10)::bigint ELSE 1 END) % :fail_every = 0 THEN 'failed' ELSE 'succeeded' END,
      last_error = CASE WHEN (CASE WHEN o.key ~ '^part/[0-9]{10}[.]csv$' THEN substr(o.key, 6, 10)::bigint ELSE 1 END) % :fail_every = 0 THEN 'it was generated to fail' END,
      updated_at = clock_timestamp()
  WHERE o.ctid = ANY (ARRAY(SELECT ctid FROM ending))
  RETURNING o.job_id, o.bucket, o.key, o.etag, o.status, (CASE WHEN o.key ~ '^part/[0-9]{10}[.]csv$' THEN substr(o.key, 6, 10)::bigint ELSE 1 END) AS number
), begun AS (
  UPDATE job_objects o
  SET status = 'processing', updated_at = clock_timestamp()
  WHERE o.ctid = ANY (ARRAY(SELECT ctid FROM beginning))
  RETURNING 1
), found AS (
  INSERT INTO findings (job_id, bucket, key, etag, detector, masked_match, context, byte_offset)
  SELECT job_id, bucket, key, etag, 'ssn', '***-**-' || lpad((number % 10000)::text, 4, '0'), 'a generated line', 0
  FROM ended
  WHERE status = 'succeeded' AND number % :find_every = 0
  ON CONFLICT DO NOTHING
  RETURNING 1
)
SELECT (SELECT count(*) FROM begun) AS begun,
       (SELECT count(*) FROM ended) AS ended,
       (SELECT count(*) FROM found) AS found
