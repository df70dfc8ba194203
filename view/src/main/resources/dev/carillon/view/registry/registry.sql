-- Making, dropping and looking at views. <name> and <columns> are quoted names, <query> is a query that was read.

-- name: lock_timeout
SELECT set_config('lock_timeout', :millis::text, true)

-- name: make
CREATE MATERIALIZED VIEW <name> AS
<query>
WITH NO DATA

-- name: unique
CREATE UNIQUE INDEX ON <name> (<columns>)

-- name: drop
DROP MATERIALIZED VIEW IF EXISTS <name>

-- name: definition
SELECT definition FROM pg_matviews WHERE schemaname = current_schema() AND matviewname = :name

-- name: relation
SELECT true FROM pg_class WHERE oid = to_regclass(:quoted)

-- name: count_views
SELECT count(*) FROM registered_view

-- name: now
SELECT statement_timestamp()

-- name: count_rows
SELECT count(*) FROM <name>

-- A type that no B-tree orders by itself, such as json or point, is ordered by its text.
-- name: columns
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
       EXISTS (
           SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
           WHERE m.amname = 'btree' AND o.opcdefault
             AND (o.opcintype = b.oid
                  OR o.opcintype = 'anyenum'::regtype AND b.typtype = 'e'
                  OR EXISTS (SELECT FROM pg_cast c
                             WHERE c.castsource = b.oid AND c.casttarget = o.opcintype
                               AND c.castmethod = 'b' AND c.castcontext = 'i'))) AS is_ordered
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
WHERE a.attrelid = to_regclass(:quoted) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum

-- name: key
SELECT a.attname
FROM (SELECT i.indrelid, i.indkey, i.indnkeyatts
      FROM pg_index i
      WHERE i.indrelid = to_regclass(:quoted) AND i.indisunique AND i.indisvalid
        AND i.indpred IS NULL AND i.indexprs IS NULL
      ORDER BY i.indnkeyatts, i.indexrelid
      LIMIT 1) x
CROSS JOIN LATERAL unnest(x.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum
WHERE k.place <= x.indnkeyatts
ORDER BY k.place

-- A page of a view as JSON, with what is needed to go on after its last row.
-- name: page
SELECT to_jsonb(v)::text AS row FROM <name> v WHERE <conditions> ORDER BY <order> LIMIT :limit OFFSET :offset

-- name: statement_timeout
SELECT set_config('statement_timeout', :millis::text, true)

-- Which columns are compared as they are: a type that has no equality, such as json or point, is compared by its text.
-- name: comparable
SELECT EXISTS (
  SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
  WHERE m.amname IN ('btree', 'hash') AND o.opcdefault
    AND (o.opcintype = e.oid
         OR o.opcintype = 'anyenum'::regtype AND e.typtype = 'e'
         OR o.opcintype = 'anyrange'::regtype AND e.typtype = 'r'
         OR o.opcintype = 'anymultirange'::regtype AND e.typtype = 'm'
         OR EXISTS (SELECT FROM pg_cast c
                    WHERE c.castsource = e.oid AND c.casttarget = o.opcintype
                      AND c.castmethod = 'b' AND c.castcontext = 'i')))
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
JOIN pg_type e ON e.oid = CASE WHEN b.typcategory = 'A' AND b.typelem <> 0 THEN b.typelem ELSE b.oid END
WHERE a.attrelid = to_regclass(:quoted) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum

-- A comparison takes its time, but not for a client that has died.
-- name: unhurried
SELECT set_config('statement_timeout', '0', true),
       set_config(
         'client_connection_check_interval',
         CASE WHEN version() ~* 'windows|visual c|mingw' THEN '0' ELSE :check_millis::text END,
         true)

-- name: one_snapshot
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ

-- How many rows a view has that its query has not, or lacks. Each is run once.
-- name: differences
SELECT coalesce(greatest(sum(net) FILTER (WHERE net > 0), -sum(net) FILTER (WHERE net < 0)), 0)
FROM (
  SELECT sum(side) AS net
  FROM (
    SELECT 1, <compared> FROM (
<query>
    ) AS wanted (<numbered>)
    UNION ALL
    SELECT -1, <compared> FROM <name> AS shown (<numbered>)
  ) AS both_sides (side, <numbered>)
  GROUP BY <numbered>
  HAVING sum(side) <> 0
) AS differing
