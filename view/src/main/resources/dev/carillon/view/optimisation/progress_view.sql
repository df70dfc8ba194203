-- The view of jobs and what belongs to it: how it is, and how it is replaced.

-- name: lock
SELECT true FROM pg_advisory_xact_lock(hashtext('carillon'), hashtext('job_progress'))

-- name: has_catalog
SELECT to_regclass('registered_view') IS NOT NULL AND to_regclass('materialized_view_refresh_log') IS NOT NULL

-- name: shape
SELECT CASE
         WHEN kept.kind = 'm' THEN 'MATERIALIZED'
         WHEN kept.begun THEN 'BEGUN'
         WHEN kept.kind IS NULL THEN 'MISSING'
         WHEN kept.tier = 'LEDGER' THEN 'LEDGER'
         WHEN kept.tier = 'KEYED' THEN 'KEYED'
         ELSE 'OTHER'
       END
FROM (
  SELECT (SELECT relkind FROM pg_class WHERE oid = to_regclass('job_progress')) AS kind,
         (SELECT tier FROM registered_view WHERE name = 'job_progress') AS tier,
         to_regclass('carillon_job_progress_begun') IS NOT NULL AS begun
) kept

-- There while job_progress is turned into another form, with what it was registered with.
-- name: begin
CREATE TABLE IF NOT EXISTS carillon_job_progress_begun AS
SELECT interval_millis, objective_millis FROM registered_view WHERE name = 'job_progress'

-- name: begun_with
SELECT interval_millis, objective_millis FROM carillon_job_progress_begun

-- name: end
DROP TABLE IF EXISTS carillon_job_progress_begun

-- name: populated
SELECT relispopulated FROM pg_class WHERE oid = to_regclass('job_progress')

-- name: definition
SELECT coalesce(pg_get_viewdef(to_regclass(:name)), '')

-- A key that CONCURRENTLY accepts, whatever it is called.
-- name: has_key
SELECT EXISTS (
  SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
  WHERE i.indrelid = to_regclass('job_progress') AND i.indisunique AND i.indisvalid AND i.indimmediate
    AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = 1 AND a.attname = 'job_id')

-- name: has_index
SELECT EXISTS (
  SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
  WHERE i.indrelid = to_regclass('job_progress') AND i.indisvalid AND a.attname = :column)

-- name: readable
SELECT coalesce(has_table_privilege('public', to_regclass(:name), 'SELECT'), false)

-- name: function_body
SELECT coalesce((SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure(:signature)), '')

-- name: drop_other_view
DROP VIEW job_progress

-- Everything that is made of the view, what is read first by a reader first: locks are taken in the same order.
-- name: dependants
WITH RECURSIVE used AS (
  SELECT to_regclass(:name)::oid AS oid, 0 AS depth
  UNION
  SELECT r.ev_class, u.depth + 1
  FROM used u
  JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = u.oid AND d.classid = 'pg_rewrite'::regclass
  JOIN pg_rewrite r ON r.oid = d.objid AND r.ev_class <> u.oid
)
SELECT c.oid::regclass::text AS name, c.relkind = 'v' AS plain,
       format('ALTER VIEW %s OWNER TO %I', c.oid::regclass, pg_get_userbyid(c.relowner)) AS lock,
       format(
         'CREATE OR REPLACE VIEW %s%s AS %s',
         c.oid::regclass,
         coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''),
         pg_get_viewdef(c.oid)) AS make
FROM pg_class c JOIN (SELECT oid, max(depth) AS depth FROM used GROUP BY oid) u ON u.oid = c.oid
WHERE u.depth > 0
ORDER BY u.depth DESC, c.oid

-- Who may read the view that is replaced may read the new one.
-- name: rights
SELECT statement
FROM (
  SELECT 1 AS place, format(
           'GRANT %s ON %s TO %s%s',
           a.privilege_type, :next::text,
           CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
           CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS statement
  FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
  WHERE c.oid = to_regclass(:name) AND a.grantee <> c.relowner
    AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER')
  UNION ALL
  SELECT 2, format('COMMENT ON MATERIALIZED VIEW %s IS %L', :next::text, obj_description(c.oid, 'pg_class'))
  FROM pg_class c
  WHERE c.oid = to_regclass(:name) AND obj_description(c.oid, 'pg_class') IS NOT NULL
  UNION ALL
  SELECT 3, format('ALTER MATERIALIZED VIEW %s OWNER TO %I', :next::text, pg_get_userbyid(c.relowner))
  FROM pg_class c
  WHERE c.oid = to_regclass(:name) AND pg_get_userbyid(c.relowner) <> current_user
) statements
ORDER BY place

-- Indexes that others put on the view are made on the new one, too, where it has their columns.
-- name: other_indexes
SELECT c.relname AS name,
       regexp_replace(
         pg_get_indexdef(i.indexrelid),
         '^CREATE (UNIQUE )?INDEX (".*?"|\S+) ON (\S+) ',
         'CREATE \1INDEX carillon_next_' || row_number() OVER (ORDER BY c.relname) || ' ON ' || :next || ' ') AS make,
       format('ALTER INDEX carillon_next_%s RENAME TO %I', row_number() OVER (ORDER BY c.relname), c.relname) AS rename
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass(:name) AND i.indisvalid
  AND c.relname NOT IN ('idx_job_progress_job_id', 'idx_job_progress_percent', 'idx_job_progress_created')
  AND NOT EXISTS (
    SELECT FROM pg_attribute a
    WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
      AND NOT EXISTS (
        SELECT FROM pg_attribute n
        WHERE n.attrelid = to_regclass(:next) AND n.attname = a.attname AND NOT n.attisdropped))
ORDER BY c.relname

-- name: totals
SELECT count(*) AS jobs, coalesce(sum(total_objects), 0)::bigint AS objects,
       ceil(extract(epoch FROM clock_timestamp() - now()) * 1000)::bigint AS millis
FROM job_progress

-- name: wanted
CREATE VIEW carillon_wanted AS <query>

-- name: drop_next
DROP MATERIALIZED VIEW IF EXISTS carillon_job_progress_next

-- name: move_away
ALTER MATERIALIZED VIEW job_progress RENAME TO carillon_job_progress_before

-- name: move_in
ALTER MATERIALIZED VIEW carillon_job_progress_next RENAME TO job_progress

-- name: drop_before
DROP MATERIALIZED VIEW carillon_job_progress_before

-- name: name_job
ALTER INDEX carillon_next_idx_job_progress_job_id RENAME TO idx_job_progress_job_id

-- name: name_percent
ALTER INDEX carillon_next_idx_job_progress_percent RENAME TO idx_job_progress_percent

-- name: name_created
ALTER INDEX carillon_next_idx_job_progress_created RENAME TO idx_job_progress_created

-- name: drop_view
DROP MATERIALIZED VIEW IF EXISTS job_progress

-- name: drop_active
DROP VIEW IF EXISTS active_jobs_progress

-- name: drop_statistics
DROP VIEW IF EXISTS job_statistics

-- name: drop_refresh
DROP FUNCTION IF EXISTS refresh_job_progress()

-- name: drop_should_refresh
DROP FUNCTION IF EXISTS should_refresh_progress(timestamptz)

-- name: drop_named_view
DROP VIEW IF EXISTS <name>

-- name: drop_named_function
DROP FUNCTION IF EXISTS <name>
