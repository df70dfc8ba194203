-- How long is waited, and who is waited for.

-- An autovacuum lets go of a table when somebody has waited for it for deadlock_timeout (1 s).
-- name: let_autovacuum_yield
SELECT set_config('lock_timeout', :millis || 'ms', true)
WHERE EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'relation' AND relation = :table::oid AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND mode = 'ShareUpdateExclusiveLock')

-- The server looks whether the client is there, and ends a transaction in which nothing happens.
-- name: limits
SELECT set_config('statement_timeout', :statement_millis::text, true),
       set_config('idle_in_transaction_session_timeout', :idle_millis::text, true),
       set_config(
         'client_connection_check_interval',
         CASE WHEN version() ~* 'windows|visual c|mingw' THEN '0' ELSE :idle_millis::text END,
         true)

-- Who fills a table anew holds this lock on it, and keeps it to the end.
-- name: is_being_filled
SELECT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'relation' AND relation = to_regclass(:kept) AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND mode = 'ShareRowExclusiveLock')
