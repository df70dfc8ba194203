-- A deployment made by hand, an older one, with things around its view that others made.
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
-- name: index
CREATE INDEX idx_job_objects_job_status ON job_objects (job_id, status)
-- name: old_jobs
INSERT INTO jobs (job_id, bucket) SELECT lpad(n::text, 32, '0')::uuid, 'b' FROM generate_series(1, 100) n
-- name: old_objects
INSERT INTO job_objects (job_id, bucket, key, etag, status)
SELECT lpad((1 + n % 100)::text, 32, '0')::uuid, 'b', 'k' || n, 'e', 'queued' FROM generate_series(1, 5000) n
-- name: view
CREATE MATERIALIZED VIEW job_progress AS
SELECT j.job_id, j.created_at, count(o.key) AS total_objects, round(count(o.key) / 100.0, 2) AS progress_percent
FROM jobs j LEFT JOIN job_objects o ON o.job_id = j.job_id
GROUP BY j.job_id
-- name: view_index
CREATE UNIQUE INDEX job_progress_by_hand ON job_progress (job_id)
-- name: other_index
CREATE INDEX "By Total" ON job_progress (total_objects)
-- name: helper
CREATE VIEW active_jobs_progress AS SELECT job_id, total_objects FROM job_progress WHERE progress_percent < 100
-- name: function
CREATE FUNCTION refresh_job_progress() RETURNS integer LANGUAGE sql AS 'SELECT 1'
-- name: theirs
CREATE VIEW theirs WITH (security_barrier = true) AS SELECT job_id, total_objects FROM job_progress
-- name: deeper
CREATE VIEW deeper AS SELECT sum(total_objects) AS all_objects FROM theirs
