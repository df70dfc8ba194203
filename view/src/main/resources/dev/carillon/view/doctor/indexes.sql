-- What the catalog and the statistics say of indexes. Every statement makes the SQL that helps, too:
-- the server knows how its names are quoted.

-- name: statistics_age
SELECT extract(epoch FROM now() - coalesce(stats_reset, pg_postmaster_start_time()))::bigint AS seconds
FROM pg_stat_database
WHERE datname = current_database()

-- An index that a foreign key needs is left out: advice must not contradict itself.
-- name: unused
WITH whole AS (
  SELECT coalesce(pg_partition_root(i.indexrelid), i.indexrelid) AS index,
         sum(coalesce(s.idx_scan, 0)) AS scans,
         sum(pg_relation_size(i.indexrelid)) AS bytes
  FROM pg_index i LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = i.indexrelid
  GROUP BY 1
)
SELECT c.relname AS index, i.indrelid::regclass::text AS on_table, w.bytes::bigint AS bytes,
       ARRAY(
         SELECT a.attname::text
         FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place)
         JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
         WHERE k.place <= i.indnkeyatts
         ORDER BY k.place) AS columns,
       ARRAY[format(
         CASE c.relkind WHEN 'I' THEN 'DROP INDEX IF EXISTS %I.%I' ELSE 'DROP INDEX CONCURRENTLY IF EXISTS %I.%I' END,
         n.nspname, c.relname)] AS remedies
FROM whole w
JOIN pg_class c ON c.oid = w.index
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_index i ON i.indexrelid = c.oid
WHERE n.nspname = ANY (current_schemas(false))
  AND w.scans = 0
  AND w.bytes >= :min_bytes
  AND i.indisvalid AND NOT i.indisunique AND NOT i.indisexclusion AND NOT i.indisreplident AND NOT i.indisclustered
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid IN (c.oid, i.indrelid) AND d.deptype = 'e')
  AND NOT EXISTS (
    SELECT FROM pg_constraint f
    WHERE f.contype = 'f' AND f.conrelid = i.indrelid
      AND ARRAY(
        SELECT k.number FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place)
        WHERE k.place <= cardinality(f.conkey)) @> f.conkey)
ORDER BY w.bytes DESC
LIMIT :limit

-- name: invalid
SELECT c.relname AS index, t.oid::regclass::text AS on_table, i.indisunique AS is_unique,
       c.relname ~ '_ccnew[0-9]*$' OR c.relname ~ '_ccold[0-9]*$' AS left_over,
       c.relkind = 'I' AS partitioned,
       EXISTS (
         SELECT FROM pg_locks l
         WHERE l.relation = t.oid AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted
           AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS being_worked_on,
       CASE
         WHEN c.relname ~ '_cc(new|old)[0-9]*$' THEN ARRAY[format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname)]
         WHEN c.relkind = 'I' THEN ARRAY(
           SELECT format('CREATE INDEX CONCURRENTLY ON %s %s', p.relid::regclass, substring(pg_get_indexdef(c.oid) FROM ' (USING .*)$'))
           FROM pg_partition_tree(t.oid) p
           WHERE p.isleaf AND NOT EXISTS (
             SELECT FROM pg_index pi WHERE pi.indrelid = p.relid AND pg_partition_root(pi.indexrelid) = c.oid)
         ) || format('DROP INDEX %I.%I', n.nspname, c.relname)
           || regexp_replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ')
         WHEN i.indisunique THEN ARRAY[
           format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname),
           regexp_replace(pg_get_indexdef(c.oid), '^CREATE UNIQUE INDEX ', 'CREATE UNIQUE INDEX CONCURRENTLY ')]
         ELSE ARRAY[format('REINDEX INDEX CONCURRENTLY %I.%I', n.nspname, c.relname)]
       END AS remedies
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class t ON t.oid = i.indrelid
WHERE n.nspname = ANY (current_schemas(false)) AND NOT (i.indisvalid AND i.indisready)
ORDER BY 2, 1
LIMIT :limit

-- Of equal indexes the one that a constraint needs is kept, then a unique one, then the oldest.
-- name: duplicate
SELECT d.relname AS index, k.relname AS kept, di.indrelid::regclass::text AS on_table,
       pg_relation_size(d.oid) AS bytes,
       ARRAY[format(
         CASE d.relkind WHEN 'I' THEN 'DROP INDEX IF EXISTS %I.%I' ELSE 'DROP INDEX CONCURRENTLY IF EXISTS %I.%I' END,
         n.nspname, d.relname)] AS remedies
FROM pg_index di
JOIN pg_class d ON d.oid = di.indexrelid
JOIN pg_namespace n ON n.oid = d.relnamespace
JOIN LATERAL (
  SELECT kc.relname
  FROM pg_index ki JOIN pg_class kc ON kc.oid = ki.indexrelid
  WHERE ki.indrelid = di.indrelid AND ki.indexrelid <> di.indexrelid AND ki.indisvalid
    AND kc.relam = d.relam
    AND ki.indkey::int2[] = di.indkey::int2[] AND ki.indclass::oid[] = di.indclass::oid[]
    AND ki.indcollation::oid[] = di.indcollation::oid[] AND ki.indoption::int2[] = di.indoption::int2[]
    AND ki.indnkeyatts = di.indnkeyatts
    AND pg_get_expr(ki.indexprs, ki.indrelid) IS NOT DISTINCT FROM pg_get_expr(di.indexprs, di.indrelid)
    AND pg_get_expr(ki.indpred, ki.indrelid) IS NOT DISTINCT FROM pg_get_expr(di.indpred, di.indrelid)
    AND (NOT di.indisunique OR ki.indisunique AND ki.indimmediate AND ki.indnullsnotdistinct >= di.indnullsnotdistinct)
    AND (EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = ki.indexrelid), ki.indisunique, -ki.indexrelid::bigint)
      > (false, di.indisunique, -di.indexrelid::bigint)
  ORDER BY ki.indisprimary DESC, ki.indisunique DESC, ki.indexrelid
  LIMIT 1
) k ON true
WHERE n.nspname = ANY (current_schemas(false)) AND di.indisvalid
  AND NOT di.indisreplident AND NOT di.indisclustered
  AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = di.indexrelid)
  AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = di.indexrelid)
ORDER BY 4 DESC
LIMIT :limit

-- name: foreign_keys
SELECT f.conname AS foreign_key, t.oid::regclass::text AS on_table, f.confrelid::regclass::text AS parent,
       c.list AS columns, greatest(s.rows, 0)::bigint AS rows,
       ARRAY(
         SELECT format('CREATE INDEX CONCURRENTLY ON %I.%I (%s)', ln.nspname, l.relname, c.list)
         FROM pg_partition_tree(t.oid) p JOIN pg_class l ON l.oid = p.relid JOIN pg_namespace ln ON ln.oid = l.relnamespace
         WHERE p.isleaf AND t.relkind = 'p'
       ) || format(
         CASE t.relkind WHEN 'p' THEN 'CREATE INDEX ON %I.%I (%s)' ELSE 'CREATE INDEX CONCURRENTLY ON %I.%I (%s)' END,
         n.nspname, t.relname, c.list) AS remedies
FROM pg_constraint f
JOIN pg_class t ON t.oid = f.conrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
CROSS JOIN LATERAL (
  SELECT string_agg(format('%I', a.attname), ', ' ORDER BY k.place) AS list
  FROM unnest(f.conkey) WITH ORDINALITY k (number, place)
  JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number
) c
CROSS JOIN LATERAL (
  SELECT sum(greatest(l.reltuples, pg_stat_get_live_tuples(l.oid)))::bigint AS rows
  FROM pg_class l
  WHERE l.oid = t.oid OR t.relkind = 'p' AND l.oid IN (SELECT relid FROM pg_partition_tree(t.oid) WHERE isleaf)
) s
WHERE f.contype = 'f' AND f.conparentid = 0
  AND n.nspname = ANY (current_schemas(false))
  AND s.rows >= :min_rows
  AND NOT EXISTS (
    SELECT FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am m ON m.oid = ic.relam
    WHERE i.indrelid = f.conrelid AND i.indisvalid AND i.indpred IS NULL
      AND m.amname IN ('btree', 'hash')
      AND i.indnkeyatts >= cardinality(f.conkey)
      AND ARRAY(
        SELECT k.number FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place)
        WHERE k.place <= cardinality(f.conkey)) @> f.conkey)
ORDER BY 5 DESC
LIMIT :limit

-- name: sequential_scans
SELECT t.oid::regclass::text AS on_table, s.seq_scan AS scans, (s.seq_tup_read / s.seq_scan)::bigint AS rows_a_scan,
       CASE WHEN to_regclass('pg_stat_statements') IS NULL THEN ARRAY[]::text[] ELSE ARRAY[format(
         'SELECT query, calls, mean_exec_time FROM pg_stat_statements WHERE query ILIKE %L ORDER BY total_exec_time DESC LIMIT 10',
         '%' || t.relname || '%')] END
       || format('SELECT pg_stat_reset_single_table_counters(%L::regclass)', format('%I.%I', n.nspname, t.relname)) AS remedies
FROM pg_stat_user_tables s
JOIN pg_class t ON t.oid = s.relid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = ANY (current_schemas(false)) AND t.relkind IN ('r', 'm')
  AND s.seq_scan >= :min_scans AND s.seq_scan > 0
  AND s.seq_tup_read / s.seq_scan >= :min_rows
ORDER BY s.seq_tup_read DESC
LIMIT :limit
