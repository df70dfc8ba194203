-- What the harness asks the server.

-- name: preload
ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'

-- name: keep_wal
-- The log of a whole round is read after it.
ALTER SYSTEM SET wal_keep_size = '4GB'

-- name: track_planning
ALTER SYSTEM SET pg_stat_statements.track_planning = on

-- name: reload
SELECT pg_reload_conf()

-- name: create_observer
-- The harness has a role of its own, so that its statements are told from the contender's.
CREATE ROLE carillon_bench SUPERUSER LOGIN

-- name: create_statistics
CREATE EXTENSION pg_stat_statements

-- name: create_log_reader
CREATE EXTENSION pg_walinspect

-- name: version
SELECT current_setting('server_version')

-- name: vacuum
VACUUM ANALYZE

-- name: checkpoint
CHECKPOINT

-- name: counters
-- Transaction control is not counted: commits have a column of their own.
SELECT pg_current_wal_insert_lsn()::text AS lsn, coalesce(sum(s.calls), 0)::bigint AS statements
FROM pg_stat_statements s
WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND s.userid <> 'carillon_bench'::regrole
  AND s.query !~* '^ *(begin|commit|rollback|set|show)'

-- name: log
-- Only transactions that wrote something have a commit record.
SELECT
  coalesce(sum(count) FILTER (WHERE "resource_manager/record_type" LIKE 'Transaction/COMMIT%'), 0)::bigint AS commits,
  coalesce(sum(record_size), 0)::bigint AS record_bytes,
  coalesce(sum(fpi_size), 0)::bigint AS page_image_bytes
FROM pg_get_wal_stats(:from::pg_lsn, :to::pg_lsn, true)

-- name: others
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'

-- name: dead_tuples
SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_stat_user_tables

-- name: costliest
SELECT s.calls, s.rows, s.total_exec_time, s.total_plan_time, s.wal_bytes::bigint AS wal_bytes,
  left(regexp_replace(s.query, '[[:space:]]+', ' ', 'g'), 90) AS query
FROM pg_stat_statements s
WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND s.userid <> 'carillon_bench'::regrole
ORDER BY s.total_exec_time + s.total_plan_time DESC
LIMIT :limit

-- name: copy
CREATE DATABASE <name> TEMPLATE <like> STRATEGY file_copy

-- name: drop
DROP DATABASE <name> WITH (FORCE)

-- name: lsn
SELECT pg_current_wal_insert_lsn()::text
