-- What the server shows of its sessions, slots and statements.

-- name: limits
SELECT set_config('lock_timeout', :lock_millis::text, true) AS lock_timeout,
       set_config('statement_timeout', :statement_millis::text, true) AS statement_timeout,
       set_config('transaction_read_only', 'on', true) AS read_only

-- name: who
SELECT current_user AS name, format('GRANT pg_monitor TO %I', current_user) AS remedy

-- What keeps dead rows of this database from being removed. Sessions of other databases do not.
-- name: old_snapshots
SELECT 'SESSION' AS kind, a.pid::text AS id, coalesce(a.state, '') AS state,
       coalesce(a.usename, '') AS owner, coalesce(a.application_name, '') AS application,
       coalesce(extract(epoch FROM now() - a.xact_start), 0)::bigint AS age_seconds,
       greatest(age(a.backend_xmin), age(a.backend_xid))::bigint AS transactions,
       NULL::bigint AS wal_bytes,
       ARRAY[format(CASE a.state WHEN 'active' THEN 'SELECT pg_cancel_backend(%s)' ELSE 'SELECT pg_terminate_backend(%s)' END, a.pid)] AS remedies
FROM pg_stat_activity a
WHERE a.pid <> pg_backend_pid()
  AND (a.datname = current_database() OR a.backend_type = 'walsender')
  AND a.backend_type <> 'autovacuum worker'
  AND (a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL)
  AND (a.xact_start < now() - :min_seconds * interval '1 second'
    OR a.xact_start IS NULL AND greatest(age(a.backend_xmin), age(a.backend_xid)) >= :min_transactions)
UNION ALL
SELECT 'PREPARED', p.gid, 'prepared', p.owner, p.database,
       extract(epoch FROM now() - p.prepared)::bigint, age(p.transaction)::bigint, NULL,
       ARRAY[format('ROLLBACK PREPARED %L', p.gid)]
FROM pg_prepared_xacts p
WHERE p.database = current_database() AND p.prepared < now() - :min_seconds * interval '1 second'
UNION ALL
SELECT 'SLOT', s.slot_name, CASE WHEN s.active THEN 'active' ELSE 'inactive' END, '', coalesce(s.plugin, 'physical'),
       0, greatest(age(s.xmin), age(s.catalog_xmin))::bigint, w.bytes,
       CASE WHEN s.active THEN ARRAY[]::text[] ELSE ARRAY[format('SELECT pg_drop_replication_slot(%L)', s.slot_name)] END
FROM pg_replication_slots s
CROSS JOIN LATERAL (
  SELECT pg_wal_lsn_diff(
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, s.restart_lsn)::bigint AS bytes
) w
WHERE greatest(age(s.xmin), age(s.catalog_xmin)) >= :min_transactions OR w.bytes >= :min_wal_bytes
ORDER BY 6 DESC, 7 DESC
LIMIT :limit

-- name: hidden_sessions
SELECT count(*) FROM pg_stat_activity
WHERE query = '<insufficient privilege>' AND datname = current_database()

-- name: statements_extension
SELECT (SELECT format('%I', n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'pg_stat_statements') AS schema,
       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_stat_statements') AS available,
       EXISTS (SELECT FROM pg_settings WHERE name = 'pg_stat_statements.max') AS loaded,
       coalesce((SELECT setting FROM pg_settings WHERE name = 'shared_preload_libraries'), '') AS libraries,
       current_setting('server_version_num')::integer AS version

-- REFRESH and CREATE INDEX take their time by nature: only statements that answer somebody count.
-- name: slow_statements
SELECT s.queryid::text AS id, s.query, s.calls, s.mean_exec_time AS mean_millis, s.max_exec_time AS max_millis,
       format('SELECT %s.pg_stat_statements_reset(%s::oid, %s::oid, %s)', :quoted::text, s.userid, s.dbid, s.queryid) AS forget,
       format('SELECT query FROM %s.pg_stat_statements WHERE queryid = %s', :quoted::text, s.queryid) AS show
FROM <schema>.pg_stat_statements s
WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND s.calls >= :min_calls AND s.mean_exec_time >= :min_millis
  AND s.query ~* '^\s*(select|insert|update|delete|merge|with)\M'
ORDER BY s.total_exec_time DESC
LIMIT :limit

-- name: hidden_statements
SELECT count(*) FROM <schema>.pg_stat_statements
WHERE query = '<insufficient privilege>' AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
