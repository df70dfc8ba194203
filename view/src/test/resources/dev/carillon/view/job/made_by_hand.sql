-- A deployment that people made by hand, before there was anything of ours in it.
-- name: jobs
CREATE TABLE jobs (
  job_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  bucket text NOT NULL,
  prefix text DEFAULT '',
  created_at timestamptz DEFAULT now(),
  updated_at timestamptz DEFAULT now()
)
-- name: job_objects
CREATE TABLE job_objects (
  job_id uuid REFERENCES jobs (job_id) ON DELETE CASCADE,
  bucket text,
  key text,
  etag text,
  status text CHECK (status IN ('queued', 'processing', 'succeeded', 'failed')),
  last_error text,
  updated_at timestamptz DEFAULT now(),
  PRIMARY KEY (job_id, bucket, key, etag)
)
-- name: findings
CREATE TABLE findings (
  id bigserial PRIMARY KEY,
  job_id uuid,
  bucket text,
  key text,
  etag text,
  detector text NOT NULL,
  masked_match text NOT NULL,
  context text,
  byte_offset integer,
  created_at timestamptz DEFAULT now(),
  UNIQUE (bucket, key, etag, detector, byte_offset)
)
-- name: log
CREATE TABLE materialized_view_refresh_log (
  view_name text PRIMARY KEY,
  last_refreshed_at timestamptz NOT NULL DEFAULT now(),
  refresh_duration_ms integer,
  total_jobs integer,
  total_objects bigint
)
-- name: old_log
INSERT INTO materialized_view_refresh_log VALUES ('job_progress', '2026-01-02T03:04:05Z', 7, 1, 2)
-- name: touch
CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END $$
-- name: trigger
CREATE TRIGGER by_hand BEFORE UPDATE ON job_objects FOR EACH ROW EXECUTE FUNCTION set_updated_at()
-- name: view
CREATE MATERIALIZED VIEW job_progress AS
SELECT j.job_id, j.bucket, j.prefix, j.created_at, j.updated_at, count(o.key) AS total_objects
FROM jobs j LEFT JOIN job_objects o ON o.job_id = j.job_id
GROUP BY j.job_id
-- name: view_index
CREATE UNIQUE INDEX job_progress_by_hand ON job_progress (job_id)
-- name: old_job
INSERT INTO jobs (job_id, bucket, created_at) VALUES ('00000000-0000-0000-0000-000000000001', 'old', '2026-01-01T00:00:00Z')
-- name: old_objects
INSERT INTO job_objects (job_id, bucket, key, etag, status)
SELECT '00000000-0000-0000-0000-000000000001', 'old', 'k' || n, 'e', CASE WHEN n < 3 THEN 'succeeded' ELSE 'queued' END
FROM generate_series(1, 3) n
