-- What the catalog and the statistics say of tables and materialized views.

-- A partitioned table's own statistics are nobody's work: autovacuum analyses its partitions only.
-- name: stale_statistics
SELECT t.oid::regclass::text AS on_table, t.relkind = 'p' AS partitioned,
       greatest(s.last_analyze, s.last_autoanalyze) AS analysed_at,
       greatest(s.n_mod_since_analyze, 0) AS changed,
       r.rows,
       ARRAY[format('ANALYZE %I.%I', n.nspname, t.relname)] AS remedies
FROM pg_stat_user_tables s
JOIN pg_class t ON t.oid = s.relid
JOIN pg_namespace n ON n.oid = t.relnamespace
CROSS JOIN LATERAL (
  SELECT coalesce(sum(greatest(l.reltuples, pg_stat_get_live_tuples(l.oid))), 0)::bigint AS rows
  FROM pg_class l
  WHERE l.oid = t.oid AND t.relkind <> 'p'
     OR t.relkind = 'p' AND l.oid IN (SELECT relid FROM pg_partition_tree(t.oid) WHERE isleaf)
) r
WHERE n.nspname = ANY (current_schemas(false)) AND t.relkind IN ('r', 'm', 'p')
  AND r.rows >= :min_rows
  AND (greatest(s.last_analyze, s.last_autoanalyze) IS NULL
    OR t.relkind <> 'p' AND s.n_mod_since_analyze > :min_rows AND s.n_mod_since_analyze > r.rows * :max_share)
ORDER BY s.n_mod_since_analyze DESC
LIMIT :limit

-- name: materialized_views
SELECT v.oid::regclass::text AS view, v.relispopulated AS populated, u.usable,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = v.oid AND i.indisunique) AS has_unique,
       k.unique_column, k.analysed,
       CASE WHEN v.relispopulated THEN ARRAY[]::text[]
            ELSE ARRAY[format('REFRESH MATERIALIZED VIEW %I.%I', n.nspname, v.relname)] END
       || CASE
         WHEN u.usable THEN ARRAY[]::text[]
         WHEN k.unique_column IS NOT NULL
           THEN ARRAY[format('CREATE UNIQUE INDEX CONCURRENTLY ON %I.%I (%I)', n.nspname, v.relname, k.unique_column)]
         WHEN NOT k.analysed THEN ARRAY[format('ANALYZE %I.%I', n.nspname, v.relname)]
         ELSE ARRAY[format('CREATE UNIQUE INDEX CONCURRENTLY ON %I.%I (%s)', n.nspname, v.relname, k.all_columns)]
       END AS remedies
FROM pg_class v
JOIN pg_namespace n ON n.oid = v.relnamespace
CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am m ON m.oid = ic.relam
    WHERE i.indrelid = v.oid AND i.indisunique AND i.indimmediate AND i.indisvalid AND m.amname = 'btree'
      AND i.indpred IS NULL AND i.indexprs IS NULL) AS usable
) u
CROSS JOIN LATERAL (
  SELECT (array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE s.n_distinct = -1 AND s.null_frac = 0))[1] AS unique_column,
         count(s.attname) > 0 AS analysed,
         string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum)
           FILTER (WHERE EXISTS (SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
                                 WHERE m.amname = 'btree' AND o.opcdefault AND o.opcintype = a.atttypid)
                      OR a.atttypid = 'varchar'::regtype) AS all_columns
  FROM pg_attribute a
  LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = v.relname AND s.attname = a.attname
  WHERE a.attrelid = v.oid AND a.attnum > 0 AND NOT a.attisdropped
) k
WHERE v.relkind = 'm' AND n.nspname = ANY (current_schemas(false))
  AND NOT (v.relispopulated AND u.usable)
ORDER BY 1
LIMIT :limit

-- What autovacuum should have begun at: its own formula, with the table's own settings.
-- name: bloat
SELECT t.oid::regclass::text AS on_table, s.n_live_tup AS live, s.n_dead_tup AS dead,
       greatest(s.last_vacuum, s.last_autovacuum) AS vacuumed_at,
       pg_table_size(t.oid) AS bytes,
       (o.threshold + o.scale * greatest(t.reltuples, 0))::bigint AS due_at,
       ARRAY[format('VACUUM (ANALYZE) %I.%I', n.nspname, t.relname)] AS remedies
FROM pg_stat_user_tables s
JOIN pg_class t ON t.oid = s.relid
JOIN pg_namespace n ON n.oid = t.relnamespace
CROSS JOIN LATERAL (
  SELECT coalesce(
           (SELECT option_value::float8 FROM pg_options_to_table(t.reloptions) WHERE option_name = 'autovacuum_vacuum_threshold'),
           current_setting('autovacuum_vacuum_threshold')::float8) AS threshold,
         coalesce(
           (SELECT option_value::float8 FROM pg_options_to_table(t.reloptions) WHERE option_name = 'autovacuum_vacuum_scale_factor'),
           current_setting('autovacuum_vacuum_scale_factor')::float8) AS scale
) o
WHERE n.nspname = ANY (current_schemas(false)) AND t.relkind IN ('r', 'm')
  AND s.n_dead_tup >= :min_dead
ORDER BY s.n_dead_tup DESC
LIMIT :limit

-- name: autovacuum
SELECT current_setting('autovacuum')::boolean AS running, current_setting('track_counts')::boolean AS counting

-- name: autovacuum_of_tables
SELECT t.oid::regclass::text AS on_table, r.rows, o.enabled, o.scale,
       format(CASE t.relkind WHEN 'm' THEN 'ALTER MATERIALIZED VIEW %I.%I' ELSE 'ALTER TABLE %I.%I' END, n.nspname, t.relname) AS alter
FROM pg_class t
JOIN pg_namespace n ON n.oid = t.relnamespace
CROSS JOIN LATERAL (SELECT greatest(t.reltuples, pg_stat_get_live_tuples(t.oid), 0)::bigint AS rows) r
CROSS JOIN LATERAL (
  SELECT coalesce(
           (SELECT option_value::boolean FROM pg_options_to_table(t.reloptions) WHERE option_name = 'autovacuum_enabled'),
           true) AS enabled,
         coalesce(
           (SELECT option_value::float8 FROM pg_options_to_table(t.reloptions) WHERE option_name = 'autovacuum_vacuum_scale_factor'),
           current_setting('autovacuum_vacuum_scale_factor')::float8) AS scale
) o
WHERE n.nspname = ANY (current_schemas(false)) AND t.relkind IN ('r', 'm')
  AND (NOT o.enabled OR r.rows >= :min_rows AND o.scale > :max_scale)
ORDER BY r.rows DESC
LIMIT :limit

-- A table's frozen age covers its TOAST table: VACUUM does both.
-- name: transaction_ages
SELECT t.oid::regclass::text AS on_table,
       greatest(age(t.relfrozenxid), age(x.relfrozenxid))::bigint AS transactions,
       greatest(mxid_age(t.relminmxid), mxid_age(x.relminmxid))::bigint AS multixacts,
       ARRAY[format('VACUUM (FREEZE) %I.%I', n.nspname, t.relname)] AS remedies
FROM pg_class t
JOIN pg_namespace n ON n.oid = t.relnamespace
LEFT JOIN pg_class x ON x.oid = t.reltoastrelid
WHERE t.relkind IN ('r', 'm')
  AND greatest(age(t.relfrozenxid), age(x.relfrozenxid), mxid_age(t.relminmxid), mxid_age(x.relminmxid)) >= :min_age
ORDER BY 2 DESC
LIMIT :limit

-- name: job_objects
SELECT t.relkind = 'p' AS partitioned,
       coalesce((SELECT v.relkind = 'm' FROM pg_class v WHERE v.oid = to_regclass('job_progress')), false) AS recounted,
       coalesce((
         SELECT sum(greatest(l.reltuples, pg_stat_get_live_tuples(l.oid), 0))
         FROM pg_class l
         WHERE l.oid = t.oid AND t.relkind = 'r'
            OR t.relkind = 'p' AND l.oid IN (SELECT relid FROM pg_partition_tree(t.oid) WHERE isleaf)), 0)::bigint AS rows
FROM pg_class t
WHERE t.oid = to_regclass('job_objects') AND t.relkind IN ('r', 'p')
