-- The last refresh of each view, and the history of refreshes.

-- name: write
INSERT INTO materialized_view_refresh_log AS log
  (view_name, last_refreshed_at, refresh_duration_ms, total_jobs, total_objects)
VALUES (
  :name,
  now(),
  least(:duration_ms, 2147483647)::integer,
  CASE WHEN :total_jobs::bigint IS NOT NULL THEN least(:total_jobs::bigint, 2147483647)::integer END,
  :total_objects::bigint)
ON CONFLICT (view_name) DO UPDATE
SET last_refreshed_at = excluded.last_refreshed_at,
    refresh_duration_ms = excluded.refresh_duration_ms,
    total_jobs = excluded.total_jobs,
    total_objects = excluded.total_objects
RETURNING view_name, last_refreshed_at, refresh_duration_ms::bigint, total_jobs::bigint, total_objects

-- name: last
SELECT view_name, last_refreshed_at, refresh_duration_ms::bigint, total_jobs::bigint, total_objects
FROM materialized_view_refresh_log
WHERE view_name = :name

-- name: forget_view
DELETE FROM materialized_view_refresh_log WHERE view_name = :name

-- name: note
INSERT INTO view_refresh_history
  (view_name, cause, outcome, as_of, ended_at, duration_ms, is_concurrent, row_count, total_jobs, total_objects, note)
VALUES
  (:name, :cause, :outcome, :as_of, clock_timestamp(), :duration_ms, :is_concurrent, :rows, :total_jobs, :total_objects, left(:note, 2000))

-- name: history
SELECT id, view_name, cause, outcome, as_of, ended_at, duration_ms, is_concurrent, row_count, total_jobs, total_objects, note
FROM view_refresh_history
WHERE view_name = :name AND (:before::bigint IS NULL OR id < :before::bigint)
ORDER BY id DESC
LIMIT :limit

-- name: forget_older
DELETE FROM view_refresh_history
WHERE id = ANY (ARRAY(
  SELECT id FROM view_refresh_history
  WHERE ended_at < now() - :keep_millis * interval '1 millisecond'
  ORDER BY ended_at
  LIMIT :limit))

-- name: forget_beyond
DELETE FROM view_refresh_history
WHERE id = ANY (ARRAY(
  SELECT id FROM view_refresh_history
  WHERE view_name = :name
    AND id <= (
      SELECT id FROM view_refresh_history
      WHERE view_name = :name
      ORDER BY id DESC
      OFFSET :keep LIMIT 1)
  ORDER BY id
  LIMIT :limit))
