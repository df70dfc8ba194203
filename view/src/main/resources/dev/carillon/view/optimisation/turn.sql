-- Who migrates, and whether a start may do it by itself.

-- name: take
SELECT pg_try_advisory_xact_lock(hashtext('carillon'), hashtext('optimisations'))

-- The transaction is idle for as long as the work takes. The second setting is of PostgreSQL 17.
-- name: unlimited
SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout'

-- Comes last: until another statement is run, the one before keeps its snapshot, and index builds wait for it.
-- name: idle
SET LOCAL idle_in_transaction_session_timeout = 0

-- name: may_create
SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)

-- As the planner guesses: rows a page as of the last vacuum or analyse, times the pages that there are.
-- name: rows
SELECT coalesce(sum(
         CASE WHEN c.relpages > 0 THEN greatest(c.reltuples, 0)::float8 / c.relpages ELSE :rows_per_page END
         * (pg_relation_size(c.oid) / current_setting('block_size')::bigint)), 0)::bigint
FROM (VALUES ('jobs'), ('job_objects'), ('findings')) t (name)
JOIN pg_class c
  ON c.oid = to_regclass(t.name) AND c.relkind = 'r'
  OR c.oid IN (SELECT relid FROM pg_partition_tree(to_regclass(t.name)) WHERE isleaf)
