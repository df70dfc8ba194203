-- The indexes on the tables of jobs.

-- Whether the table is there and no valid index begins with these columns.
-- name: missing
SELECT to_regclass(:table) IS NOT NULL AND NOT EXISTS (
  SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
  WHERE i.indrelid = to_regclass(:table) AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree'
    AND :columns::text[] = ARRAY(
      SELECT a.attname::text
      FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
      WHERE k.place <= least(i.indnkeyatts, cardinality(:columns::text[]))
      ORDER BY k.place))

-- An index on a partitioned table cannot be made concurrently; those on its partitions can, and the whole
-- then takes them over without reading a row.
-- name: makes
SELECT statement
FROM (
  SELECT 1 AS place, regexp_replace(:sql, ' IF NOT EXISTS \w+ ON \w+ ', ' ON ' || format('%I.%I', n.nspname, c.relname) || ' ') AS statement
  FROM pg_partition_tree(to_regclass(:table)) p
  JOIN pg_class c ON c.oid = p.relid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class whole ON whole.oid = to_regclass(:table) AND whole.relkind = 'p'
  WHERE p.isleaf
  UNION ALL
  SELECT 2, CASE relkind WHEN 'p' THEN replace(:sql, ' CONCURRENTLY', '') ELSE :sql END
  FROM pg_class
  WHERE oid = to_regclass(:table)
) statements
ORDER BY place

-- name: drops
SELECT CASE c.relkind
         WHEN 'I' THEN format('DROP INDEX IF EXISTS %I.%I', n.nspname, c.relname)
         ELSE format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname)
       END
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indrelid = to_regclass(:table) AND c.relname = :index
