-- REFRESH MATERIALIZED VIEW, and what is asked before and after it. <view> is a quoted name.

-- name: look
SELECT c.relkind = 'm' AS materialized,
       c.relispopulated AS populated,
       EXISTS (
         SELECT FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
         WHERE i.indrelid = c.oid AND i.indisunique AND i.indimmediate AND i.indisvalid AND am.amname = 'btree'
           AND i.indpred IS NULL AND i.indexprs IS NULL
       ) AS unique_index,
       (
         SELECT count(*) = 5 FROM pg_attribute a
         WHERE a.attrelid = c.oid AND NOT a.attisdropped
           AND a.attname IN ('total_objects', 'succeeded_count', 'failed_count', 'total_findings', 'progress_percent')
       ) AS counts_jobs
FROM pg_class c
WHERE c.oid = to_regclass(:quoted)

-- A refresh whose client has died must not hold its locks: the server looks whether the client is
-- there, and ends a transaction in which nothing happens.
-- name: limits
SELECT set_config('lock_timeout', :lock_millis::text, true),
       set_config('statement_timeout', :statement_millis::text, true),
       set_config('idle_in_transaction_session_timeout', :idle_millis::text, true),
       set_config(
         'client_connection_check_interval',
         CASE WHEN version() ~* 'windows|visual c|mingw' THEN '0' ELSE :idle_millis::text END,
         true)

-- name: refresh_concurrently
REFRESH MATERIALIZED VIEW CONCURRENTLY <view>

-- name: refresh
REFRESH MATERIALIZED VIEW <view>

-- name: took
SELECT ceil(extract(epoch FROM clock_timestamp() - now()) * 1000)::bigint

-- name: count_rows
SELECT count(*) AS rows FROM <view>

-- name: count_jobs
SELECT count(*) AS rows,
       coalesce(sum(total_objects), 0)::bigint AS objects,
       coalesce(sum(succeeded_count + failed_count), 0)::bigint AS processed,
       coalesce(sum(total_findings), 0)::bigint AS findings,
       count(*) FILTER (WHERE progress_percent < 100) AS active
FROM <view>

-- name: holder
SELECT l.pid, coalesce(a.application_name, '') AS application, a.xact_start AS since
FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.granted
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.relation = to_regclass(:quoted)
  AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  AND l.pid <> pg_backend_pid()
ORDER BY a.xact_start
LIMIT 1
