-- What the catalog says of tables and of the triggers on them.

-- name: schema
SELECT current_schema()

-- name: place
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = to_regclass(:relation)

-- What the capture's text is made of is told by the catalog alone: looking takes no lock.
-- name: tree
WITH RECURSIVE tree AS (
    SELECT :source::oid AS rel, ''::text AS stamp
    UNION ALL
    SELECT i.inhrelid, i.xmin::text || CASE WHEN i.inhdetachpending THEN ' detaching' ELSE '' END
    FROM tree t JOIN pg_inherits i ON i.inhparent = t.rel
), used AS MATERIALIZED (
    SELECT coalesce(md5(string_agg(
        concat_ws(' ', d.refclassid, d.refobjid, d.refobjsubid, a.attname,
            CASE WHEN a.attname IS NULL
                THEN (pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid)).identity END,
            p.xmin,
            (SELECT string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.oid) FROM pg_enum e
             WHERE d.refclassid = 'pg_type'::regclass AND e.enumtypid = d.refobjid)),
        ',' ORDER BY d.refclassid, d.refobjid, d.refobjsubid)), 'nothing') AS names
    FROM pg_rewrite r
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
        AND d.deptype = 'n'
        AND NOT (d.refclassid = 'pg_class'::regclass AND d.refobjid = :source::oid
                 AND d.refobjsubid = 0)
    LEFT JOIN pg_attribute a ON d.refclassid = 'pg_class'::regclass
        AND a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND d.refobjsubid <> 0
    LEFT JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
    WHERE r.ev_class = to_regclass(:rows)
)
SELECT t.rel, t.rel = :source::oid AS root,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
       c.relkind::text AS kind, c.relpersistence::text AS persistence,
       c.relrowsecurity OR c.relforcerowsecurity AS secured,
       EXISTS (SELECT FROM pg_subscription_rel s WHERE s.srrelid = t.rel) AS subscribed,
       (SELECT count(*) FROM pg_trigger g
        WHERE g.tgrelid = t.rel AND g.tgfoid = to_regprocedure(:capture || '()')
          AND g.tgenabled = 'A') AS triggers,
       concat_ws(' ', t.rel, t.stamp,
           (SELECT string_agg(concat_ws(' ', g.oid, g.tgenabled, g.xmin), ',' ORDER BY g.oid)
            FROM pg_trigger g
            WHERE g.tgrelid = t.rel AND g.tgfoid = to_regprocedure(:capture || '()')),
           (SELECT p.xmin FROM pg_proc p WHERE p.oid = to_regprocedure(:capture || '()'))) AS stamp,
       u.names,
       EXISTS (SELECT FROM pg_proc p
               WHERE p.oid = to_regprocedure(:capture || '()')
                 AND position(u.names IN p.prosrc) > 0) AS made
FROM tree t
JOIN pg_class c ON c.oid = t.rel
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN used u
ORDER BY NOT (t.rel = :source::oid), t.rel

-- Columns first: a table that is only named in a constant is not read.
-- name: source
SELECT d.refobjid
FROM pg_rewrite r
JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class AND d.deptype = 'n'
WHERE r.ev_class = to_regclass(:rows)
ORDER BY d.refobjsubid DESC
LIMIT 1

-- name: unfit
WITH RECURSIVE tree AS (
    SELECT to_regclass(:relation)::oid AS rel
    UNION ALL
    SELECT i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.rel
)
SELECT CASE WHEN c.relpersistence <> 'p' THEN 'unlasting' ELSE 'secured' END AS why,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
FROM tree t
JOIN pg_class c ON c.oid = t.rel
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relpersistence <> 'p' AND c.relkind <> 'f' OR c.relrowsecurity OR c.relforcerowsecurity
ORDER BY c.relpersistence <> 'p' DESC, t.rel
LIMIT 1

-- name: definition
SELECT pg_get_viewdef(to_regclass(:view))

-- Whether a function is as it would be made now.
-- name: is_as_made
SELECT EXISTS (
    SELECT FROM pg_proc p
    WHERE p.oid = to_regprocedure(:capture || '()') AND p.prosrc = :body AND p.prosecdef
      AND NOT has_function_privilege('public', p.oid, 'EXECUTE'))

-- name: is_made
SELECT to_regprocedure(:capture || '()') IS NOT NULL

-- name: column_names
SELECT a.attname::text FROM pg_attribute a
WHERE a.attrelid = to_regclass(:relation) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum

-- name: columns
SELECT format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a
WHERE a.attrelid = to_regclass(:relation) AND a.attname = :column AND NOT a.attisdropped

-- name: has_column
SELECT EXISTS (
    SELECT FROM pg_attribute
    WHERE attrelid = to_regclass(:relation) AND attname = :column AND NOT attisdropped)

-- name: relation_kind
SELECT relkind::text FROM pg_class WHERE oid = to_regclass(:relation)

-- name: relation_persistence
SELECT relpersistence::text FROM pg_class WHERE oid = to_regclass(:relation)

-- name: sizes
SELECT pg_total_relation_size(to_regclass(:kept)) AS kept_bytes,
       pg_total_relation_size(to_regclass(:waiting)) AS waiting_bytes,
       coalesce(pg_stat_get_dead_tuples(to_regclass(:kept)), 0) AS kept_dead,
       coalesce(pg_stat_get_dead_tuples(to_regclass(:waiting)), 0) AS waiting_dead

-- name: oldest_xmin
SELECT holder, age
FROM (
    SELECT 'session ' || pid || ' (' || coalesce(nullif(application_name, ''), 'unnamed') || ')' AS holder,
           age(backend_xmin) AS age
    FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid()
    UNION ALL
    SELECT 'prepared transaction ' || gid, age(transaction) FROM pg_prepared_xacts
    UNION ALL
    SELECT 'replication slot ' || slot_name, age(xmin)
    FROM pg_replication_slots WHERE xmin IS NOT NULL
) holders
ORDER BY age DESC
LIMIT 1

-- name: strays
SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
FROM pg_trigger g
JOIN pg_class c ON c.oid = g.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE g.tgfoid = to_regprocedure(:capture || '()') AND NOT g.tgrelid = ANY (:tree::bigint[]::oid[])

-- name: triggered
SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
FROM pg_trigger g
JOIN pg_class c ON c.oid = g.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE g.tgfoid = to_regprocedure(:capture || '()')
