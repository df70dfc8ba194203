-- job_objects in another form: a copy is made beside it while others write, what they change is noted by
-- triggers and taken over, and at the end the copy takes the table's place.

-- name: form
SELECT CASE
         WHEN to_regclass('job_objects') IS NULL THEN 'MISSING'
         WHEN (SELECT relkind FROM pg_class WHERE oid = to_regclass('job_objects')) = 'p' THEN 'PARTITIONED'
         ELSE 'PLAIN'
       END

-- name: is_begun
SELECT to_regclass('carillon_job_objects_next') IS NOT NULL OR to_regclass('carillon_job_objects_changes') IS NOT NULL

-- What cannot be kept, in words.
-- name: obstacles
SELECT format('its primary key (%s) does not contain job_id', pg_get_constraintdef(k.oid))
FROM pg_constraint k
WHERE k.conrelid = to_regclass('job_objects') AND k.contype = 'p'
  AND NOT (SELECT attnum FROM pg_attribute WHERE attrelid = k.conrelid AND attname = 'job_id') = ANY (k.conkey)
UNION ALL
SELECT 'it has no primary key'
WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('job_objects') AND contype = 'p')
UNION ALL
SELECT format('the unique index %s does not contain job_id', c.relname)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass('job_objects') AND i.indisunique AND NOT i.indisprimary
  AND NOT (SELECT attnum FROM pg_attribute WHERE attrelid = i.indrelid AND attname = 'job_id') = ANY (i.indkey::int2[])
UNION ALL
SELECT format('the column %s takes its values from a sequence', a.attname)
FROM pg_attribute a
WHERE a.attrelid = to_regclass('job_objects') AND a.attnum > 0 AND NOT a.attisdropped
  AND (a.attidentity <> '' OR pg_get_serial_sequence('job_objects', a.attname) IS NOT NULL)
UNION ALL
SELECT format('it has the row security policy %s', polname) FROM pg_policy WHERE polrelid = to_regclass('job_objects')
UNION ALL
SELECT format('it has the rule %s', rulename) FROM pg_rewrite WHERE ev_class = to_regclass('job_objects')
UNION ALL
SELECT format('it is published in %s', p.pubname)
FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
WHERE r.prrelid = to_regclass('job_objects')
UNION ALL
SELECT format('it inherits from %s', inhparent::regclass) FROM pg_inherits WHERE inhrelid = to_regclass('job_objects')
UNION ALL
SELECT format('the materialized view %s is made of it: drop it, and make it again afterwards', c.oid::regclass)
FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c ON c.oid = r.ev_class
WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass('job_objects')
  AND d.classid = 'pg_rewrite'::regclass AND c.relkind = 'm' AND c.oid IS DISTINCT FROM to_regclass('job_progress')
GROUP BY c.oid

-- Lists of columns, as the other statements need them.
-- name: columns
SELECT (SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = to_regclass('job_objects') AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS all_columns,
       string_agg(format('%I', a.attname), ', ' ORDER BY k.place) AS key,
       string_agg(format('%I DESC', a.attname), ', ' ORDER BY k.place) AS key_descending,
       string_agg(format('(:last::text[])[%s]::%s', k.place, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY k.place) AS last,
       string_agg(format('%I::text', a.attname), ', ' ORDER BY k.place) AS key_texts,
       string_agg(format('n.%1$I = c.%1$I', a.attname), ' AND ' ORDER BY k.place) AS same,
       string_agg(format('OLD.%I', a.attname), ', ' ORDER BY k.place) AS old_key,
       quote_ident(current_schema()) AS schema,
       string_agg(format('NEW.%I', a.attname), ', ' ORDER BY k.place) AS new_key
FROM pg_constraint p
CROSS JOIN LATERAL unnest(p.conkey) WITH ORDINALITY k (number, place)
JOIN pg_attribute a ON a.attrelid = p.conrelid AND a.attnum = k.number
WHERE p.conrelid = to_regclass('job_objects') AND p.contype = 'p'

-- Wherever they are: a partition that has one may have been detached.
-- name: clean_triggers
DO $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT t.tgname, t.tgrelid::regclass AS place
    FROM pg_trigger t
    WHERE t.tgparentid = 0
      AND t.tgfoid IN (to_regprocedure('carillon_job_objects_changed()'), to_regprocedure('carillon_job_objects_truncated()'))
  LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON %s', found.tgname, found.place);
  END LOOP;
END
$$

-- name: clean_functions
DROP FUNCTION IF EXISTS carillon_job_objects_changed(), carillon_job_objects_truncated()

-- name: clean_tables
DROP TABLE IF EXISTS carillon_job_objects_next, carillon_job_objects_changes

-- name: create_partitioned
CREATE TABLE carillon_job_objects_next (
  LIKE job_objects INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE
    INCLUDING COMPRESSION INCLUDING COMMENTS INCLUDING STATISTICS
) PARTITION BY HASH (job_id)

-- name: create_plain
CREATE TABLE carillon_job_objects_next (
  LIKE job_objects INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE
    INCLUDING COMPRESSION INCLUDING COMMENTS INCLUDING STATISTICS
)

-- Settings such as those of autovacuum belong to what holds the rows.
-- name: partitions
SELECT format(
  'CREATE TABLE job_objects_%s PARTITION OF carillon_job_objects_next FOR VALUES WITH (MODULUS %s, REMAINDER %s)%s',
  lpad(n::text, 2, '0'), :partitions::integer, n,
  (SELECT ' WITH (' || array_to_string(reloptions, ', ') || ')' FROM pg_class WHERE oid = to_regclass('job_objects')))
FROM generate_series(0, :partitions::integer - 1) n

-- name: plain_settings
SELECT format('ALTER TABLE carillon_job_objects_next SET (%s)', array_to_string(c.reloptions, ', '))
FROM pg_partition_tree(to_regclass('job_objects')) p JOIN pg_class c ON c.oid = p.relid
WHERE p.isleaf AND c.reloptions IS NOT NULL
LIMIT 1

-- An autovacuum of the copy would stand in the way of the swap.
-- name: switch_autovacuum_off
SELECT format('ALTER TABLE %s SET (autovacuum_enabled = false)', c.oid::regclass)
FROM pg_class c
WHERE c.relkind = 'r'
  AND (c.oid = to_regclass('carillon_job_objects_next')
    OR c.oid IN (SELECT relid FROM pg_partition_tree(to_regclass('carillon_job_objects_next')) WHERE isleaf))

-- As it was on the table that is replaced.
-- name: switch_autovacuum_on
SELECT coalesce(
  (
    SELECT format('ALTER TABLE %s SET (autovacuum_enabled = %s)',
                  CASE c.relname WHEN 'carillon_job_objects_next' THEN 'job_objects' ELSE c.oid::regclass::text END,
                  option_value)
    FROM pg_class o CROSS JOIN LATERAL pg_options_to_table(o.reloptions)
    WHERE option_name = 'autovacuum_enabled'
      AND (o.oid = to_regclass('job_objects')
        OR o.oid IN (SELECT relid FROM pg_partition_tree(to_regclass('job_objects')) WHERE isleaf))
    LIMIT 1
  ),
  format('ALTER TABLE %s RESET (autovacuum_enabled)',
         CASE c.relname WHEN 'carillon_job_objects_next' THEN 'job_objects' ELSE c.oid::regclass::text END))
FROM pg_class c
WHERE c.relkind = 'r'
  AND (c.oid = to_regclass('carillon_job_objects_next')
    OR c.oid IN (SELECT relid FROM pg_partition_tree(to_regclass('carillon_job_objects_next')) WHERE isleaf))

-- name: analyze
ANALYZE carillon_job_objects_next

-- What the swap touches, too: the copy, what refers to the table and what it refers to.
-- name: neighbours
SELECT format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE NOWAIT', oid::regclass)
FROM (
  SELECT to_regclass('carillon_job_objects_next')::oid AS oid
  UNION
  SELECT to_regclass('carillon_job_objects_changes')
  UNION
  SELECT confrelid FROM pg_constraint WHERE conrelid = to_regclass('job_objects') AND contype = 'f'
  UNION
  SELECT conrelid FROM pg_constraint
  WHERE confrelid = to_regclass('job_objects') AND contype = 'f' AND conparentid = 0
) tables
WHERE oid <> to_regclass('job_objects')
ORDER BY oid

-- Made before the copy: the key finds what changed, the foreign keys hold for each row from the start.
-- name: constraints
SELECT format('ALTER TABLE carillon_job_objects_next ADD CONSTRAINT %I %s', 'carillon_next_' || k.oid, pg_get_constraintdef(k.oid)) AS make,
       format('ALTER TABLE job_objects RENAME CONSTRAINT %I TO %I', 'carillon_next_' || k.oid, k.conname) AS rename
FROM pg_constraint k
WHERE k.conrelid = to_regclass('job_objects') AND k.contype IN ('p', 'u', 'f', 'x')
ORDER BY k.contype = 'f', k.oid

-- name: indexes
SELECT regexp_replace(
         pg_get_indexdef(i.indexrelid),
         '^CREATE (UNIQUE )?INDEX (".*?"|\S+) ON (ONLY )?(\S+) ',
         'CREATE \1INDEX carillon_next_' || i.indexrelid || ' ON carillon_job_objects_next ') AS make,
       format('ALTER INDEX %I RENAME TO %I', 'carillon_next_' || i.indexrelid, c.relname) AS rename
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass('job_objects') AND i.indisvalid
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY i.indexrelid

-- name: create_changes
CREATE TABLE carillon_job_objects_changes AS SELECT <key> FROM job_objects WITH NO DATA

-- They run with our rights in the sessions of others, who may have made temporary tables and operators: so nothing
-- is looked for in the search path, and nobody else can put them on a table.
-- name: create_changed
CREATE FUNCTION <schema>.carillon_job_objects_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO <schema>.carillon_job_objects_changes VALUES (<old_key>);
  END IF;
  IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND record_image_ne(ROW(<new_key>), ROW(<old_key>)) THEN
    INSERT INTO <schema>.carillon_job_objects_changes VALUES (<new_key>);
  END IF;
  RETURN NULL;
END
$$

-- Which rows a partition had cannot be told afterwards: a change without a key says that some are gone.
-- name: create_truncated
CREATE FUNCTION <schema>.carillon_job_objects_truncated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_ARGV[0] = 'whole' THEN
    TRUNCATE <schema>.carillon_job_objects_next;
  ELSE
    INSERT INTO <schema>.carillon_job_objects_changes DEFAULT VALUES;
  END IF;
  RETURN NULL;
END
$$

-- Firing a trigger needs no right to its function, making one does.
-- name: revoke_functions
REVOKE ALL ON FUNCTION <schema>.carillon_job_objects_changed(), <schema>.carillon_job_objects_truncated() FROM PUBLIC

-- By row, so that it is also on each partition, and always, also where replication writes.
-- name: create_changed_trigger
CREATE TRIGGER carillon_job_objects_changed AFTER INSERT OR UPDATE OR DELETE ON job_objects
FOR EACH ROW EXECUTE FUNCTION carillon_job_objects_changed();
ALTER TABLE job_objects ENABLE ALWAYS TRIGGER carillon_job_objects_changed

-- By statement, so that each partition has one of its own.
-- name: truncated_triggers
SELECT format(
  'CREATE TRIGGER carillon_job_objects_truncated AFTER TRUNCATE ON %1$s FOR EACH STATEMENT EXECUTE FUNCTION carillon_job_objects_truncated(%2$L);'
  ' ALTER TABLE %1$s ENABLE ALWAYS TRIGGER carillon_job_objects_truncated',
  place, CASE place WHEN to_regclass('job_objects') THEN 'whole' ELSE 'part' END)
FROM (
  SELECT to_regclass('job_objects') AS place
  UNION
  SELECT relid FROM pg_partition_tree(to_regclass('job_objects'))
) places

-- name: estimate
SELECT coalesce(sum(greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0)), 0)::bigint
FROM pg_class c
WHERE c.oid = to_regclass('job_objects') AND c.relkind = 'r'
   OR c.oid IN (SELECT relid FROM pg_partition_tree(to_regclass('job_objects')) WHERE isleaf)

-- name: copy_first
WITH batch AS MATERIALIZED (
  SELECT <all_columns> FROM job_objects ORDER BY <key> LIMIT :limit
), copied AS (
  INSERT INTO carillon_job_objects_next (<all_columns>) SELECT <all_columns> FROM batch ON CONFLICT DO NOTHING
)
SELECT (SELECT count(*) FROM batch) AS rows,
       (SELECT ARRAY[<key_texts>] FROM batch ORDER BY <key_descending> LIMIT 1) AS last

-- name: copy_next
WITH batch AS MATERIALIZED (
  SELECT <all_columns> FROM job_objects WHERE (<key>) > (<last>) ORDER BY <key> LIMIT :limit
), copied AS (
  INSERT INTO carillon_job_objects_next (<all_columns>) SELECT <all_columns> FROM batch ON CONFLICT DO NOTHING
)
SELECT (SELECT count(*) FROM batch) AS rows,
       (SELECT ARRAY[<key_texts>] FROM batch ORDER BY <key_descending> LIMIT 1) AS last

-- The three statements that take changes over see one snapshot, or run while nobody writes.
-- name: take_out
DELETE FROM carillon_job_objects_next n
USING (SELECT DISTINCT <key> FROM carillon_job_objects_changes) c
WHERE <same>

-- name: take_over
INSERT INTO carillon_job_objects_next (<all_columns>)
SELECT <all_columns> FROM job_objects
WHERE (<key>) IN (SELECT <key> FROM carillon_job_objects_changes)

-- name: taken
DELETE FROM carillon_job_objects_changes

-- Whether a partition was truncated.
-- name: is_less
SELECT EXISTS (SELECT FROM carillon_job_objects_changes WHERE (<key>) IS NULL)

-- name: take_less
DELETE FROM carillon_job_objects_next n WHERE NOT EXISTS (SELECT FROM job_objects c WHERE <same>)

-- name: one_snapshot
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ

-- name: as_of
SELECT now()

-- name: age_log
UPDATE materialized_view_refresh_log SET last_refreshed_at = least(last_refreshed_at, :as_of)
WHERE view_name = 'job_progress'

-- Plain views that are made of the table, what is read first by a reader first.
-- name: views
WITH RECURSIVE used AS (
  SELECT to_regclass('job_objects')::oid AS oid, 0 AS depth
  UNION
  SELECT r.ev_class, u.depth + 1
  FROM used u
  JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = u.oid AND d.classid = 'pg_rewrite'::regclass
  JOIN pg_rewrite r ON r.oid = d.objid AND r.ev_class <> u.oid
  JOIN pg_class c ON c.oid = r.ev_class AND c.relkind = 'v'
)
SELECT format('ALTER VIEW %s OWNER TO %I', c.oid::regclass, pg_get_userbyid(c.relowner)) AS lock,
       format(
         'CREATE OR REPLACE VIEW %s%s AS %s',
         c.oid::regclass,
         coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''),
         pg_get_viewdef(c.oid)) AS make
FROM pg_class c JOIN (SELECT oid, max(depth) AS depth FROM used GROUP BY oid) u ON u.oid = c.oid
WHERE u.depth > 0
ORDER BY u.depth DESC, c.oid

-- What is made on the new table once it has its name: triggers, rights, owner, comment.
-- name: belongings
SELECT statement
FROM (
  SELECT 1 AS place, pg_get_triggerdef(t.oid) AS statement
  FROM pg_trigger t
  WHERE t.tgrelid = to_regclass('job_objects') AND NOT t.tgisinternal
    AND t.tgname NOT IN ('carillon_job_objects_changed', 'carillon_job_objects_truncated')
  UNION ALL
  SELECT 2, format(
           'ALTER TABLE job_objects %s TRIGGER %I',
           CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, t.tgname)
  FROM pg_trigger t
  WHERE t.tgrelid = to_regclass('job_objects') AND NOT t.tgisinternal AND t.tgenabled <> 'O'
    AND t.tgname NOT IN ('carillon_job_objects_changed', 'carillon_job_objects_truncated')
  UNION ALL
  SELECT 3, format(
           'GRANT %s ON job_objects TO %s%s', a.privilege_type,
           CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
           CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
  WHERE c.oid = to_regclass('job_objects') AND a.grantee <> c.relowner
  UNION ALL
  SELECT 3, format(
           'GRANT %s (%I) ON job_objects TO %s', a.privilege_type, t.attname,
           CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
  FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) a
  WHERE t.attrelid = to_regclass('job_objects') AND NOT t.attisdropped
  UNION ALL
  SELECT 4, format('COMMENT ON TABLE job_objects IS %L', obj_description(to_regclass('job_objects'), 'pg_class'))
  WHERE obj_description(to_regclass('job_objects'), 'pg_class') IS NOT NULL
  UNION ALL
  SELECT 5, format('ALTER TABLE job_objects OWNER TO %I', pg_get_userbyid(c.relowner))
  FROM pg_class c
  WHERE c.oid = to_regclass('job_objects') AND pg_get_userbyid(c.relowner) <> current_user
) statements
ORDER BY place

-- Tables that refer to this one are pointed to the new one; that every row is there is checked afterwards.
-- name: referrers
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname) AS drop,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', k.conrelid::regclass, k.conname,
              regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')) AS make,
       format('ALTER TABLE %s VALIDATE CONSTRAINT %I', k.conrelid::regclass, k.conname) AS validate
FROM pg_constraint k
WHERE k.confrelid = to_regclass('job_objects') AND k.contype = 'f' AND k.conparentid = 0
  AND k.conrelid <> to_regclass('job_objects')

-- Few rows by their keys, whatever the planner thinks of a table that nobody has analysed.
-- name: by_key
SELECT set_config('enable_hashjoin', 'off', true) AS hash_join,
       set_config('enable_mergejoin', 'off', true) AS merge_join,
       set_config('enable_seqscan', 'off', true) AS scan

-- name: lock
LOCK TABLE job_objects IN ACCESS EXCLUSIVE MODE

-- name: no_deferring
SET CONSTRAINTS ALL IMMEDIATE

-- name: move_away
ALTER TABLE job_objects RENAME TO carillon_job_objects_before

-- name: move_in
ALTER TABLE carillon_job_objects_next RENAME TO job_objects

-- Without CASCADE: whatever still needs the old table makes all of this undone.
-- name: drop_before
DROP TABLE carillon_job_objects_before

-- Views that are kept by their keys know their tables by number. Who works on one is not waited for once the table
-- is locked: so their rows come first.
-- name: lock_keyed
SELECT count(*)
FROM (SELECT FROM keyed_view WHERE to_regclass('job_objects')::oid = ANY (sources::oid[]) FOR UPDATE) views

-- name: move_keyed
UPDATE keyed_view
SET sources = array_replace(sources, to_regclass('carillon_job_objects_before'), to_regclass('job_objects'))
WHERE to_regclass('carillon_job_objects_before')::oid = ANY (sources::oid[])
