-- What is the same for all views that are kept by their keys.

-- name: find
SELECT view_name, schema_name, definition, columns, key_columns, touched,
       sources::oid[]::bigint[] AS sources, exact, reason, fingerprint, dropping,
       synced_at, worked_at
FROM keyed_view
WHERE view_name = :view

-- name: add
INSERT INTO keyed_view (view_name, schema_name, definition, columns, key_columns, touched, sources)
VALUES (:view, :schema, :definition, :columns, :keys, :touched, :sources::regclass[])
ON CONFLICT (view_name) DO NOTHING

-- name: forget
DELETE FROM keyed_view WHERE view_name = :view

-- name: begin_drop
UPDATE keyed_view SET dropping = true, exact = false, reason = 'it is being dropped'
WHERE view_name = :view

-- name: may_capture
SELECT true FROM keyed_view WHERE view_name = :view AND NOT dropping FOR SHARE

-- name: guard
SELECT true FROM keyed_view WHERE view_name = :view FOR UPDATE SKIP LOCKED

-- name: guard_sync
SELECT true FROM keyed_view WHERE view_name = :view FOR UPDATE

-- name: worked
UPDATE keyed_view SET worked_at = clock_timestamp() WHERE view_name = :view

-- name: synced
UPDATE keyed_view
SET exact = (:reason::text IS NULL), reason = :reason, fingerprint = :fingerprint, synced_at = now()
WHERE view_name = :view

-- Who fills the view anew at this moment has its row, and is not waited for.
-- name: unsure
WITH free AS (
    SELECT view_name FROM keyed_view
    WHERE view_name = :view AND (exact OR reason IS DISTINCT FROM :reason)
    FOR UPDATE SKIP LOCKED
)
UPDATE keyed_view v SET exact = false, reason = :reason
FROM free WHERE v.view_name = free.view_name

-- name: columns
SELECT a.attname::text AS name,
       quote_ident(tn.nspname) || '.' || quote_ident(t.typname)
       || CASE WHEN a.attcollation <> 0
               THEN ' COLLATE ' || quote_ident(cn.nspname) || '.' || quote_ident(c.collname)
               ELSE '' END AS declared,
       t.typname::text AS type,
       coalesce(c.collisdeterministic, true) AS plain
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_namespace tn ON tn.oid = t.typnamespace
LEFT JOIN pg_collation c ON c.oid = a.attcollation
LEFT JOIN pg_namespace cn ON cn.oid = c.collnamespace
WHERE a.attrelid = to_regclass(:relation) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum

-- name: read_by
SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
FROM pg_rewrite r
JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
JOIN pg_class c ON c.oid = d.refobjid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.ev_class = to_regclass(:recompute)

-- name: unsteady
SELECT p.proname::text
FROM pg_proc p
WHERE (p.pronamespace = 'pg_catalog'::regnamespace AND p.provolatile = 'v'
       AND p.proname = ANY (:names))
   OR (p.provolatile <> 'i' AND EXISTS (
       SELECT FROM pg_rewrite r
       JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
       WHERE r.ev_class = to_regclass(:recompute)
         AND d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid))
LIMIT 1

-- name: size
SELECT coalesce(pg_relation_size(to_regclass(:relation)), 0)

-- name: names
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
FROM unnest(:sources::bigint[]) WITH ORDINALITY AS s (oid, place)
JOIN pg_class c ON c.oid = s.oid::oid
JOIN pg_namespace n ON n.oid = c.relnamespace
ORDER BY s.place

-- name: leading
SELECT pg_get_indexdef(i.indexrelid, 1, true)
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE x.relname = :index AND n.nspname = :schema
