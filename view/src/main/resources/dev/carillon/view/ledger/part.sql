-- What is generated for one part. ${...} is filled in by Template; all names are quoted there.

-- The expressions of the query stand here and nowhere else.
-- name: rows
CREATE OR REPLACE VIEW ${rows_view} AS
SELECT ${row} FROM ${source} WHERE ${where}

-- name: recompute
CREATE OR REPLACE VIEW ${recompute} AS
SELECT ${keys}, ${aggregates}count(*) AS rows
FROM ${rows_view}
GROUP BY ${keys}

-- name: base
CREATE TABLE IF NOT EXISTS ${base} AS
SELECT ${columns}, rows, CAST(0 AS bigint) AS changes FROM ${recompute} WITH NO DATA

-- name: base_options
ALTER TABLE ${base} SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)

-- name: base_key
CREATE UNIQUE INDEX IF NOT EXISTS ${base_key} ON ${base} (${keys}) NULLS NOT DISTINCT

-- Groups whose keys are too long for an index over them. A group may have several rows.
-- name: wide
CREATE TABLE IF NOT EXISTS ${wide} AS
SELECT ${columns}, rows, changes, CAST(NULL AS text) AS digest FROM ${base} WITH NO DATA

-- name: wide_key
CREATE INDEX IF NOT EXISTS ${wide_key} ON ${wide} (digest)

-- name: ledger
CREATE TABLE IF NOT EXISTS ${ledger} AS
SELECT ${columns}, rows, changes FROM ${base} WITH NO DATA

-- name: ledger_stamps
ALTER TABLE ${ledger}
    ADD COLUMN IF NOT EXISTS at timestamptz NOT NULL DEFAULT clock_timestamp()

-- name: ledger_options
ALTER TABLE ${ledger} SET (
    autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_threshold = 100000, vacuum_truncate = false)

-- name: live
CREATE OR REPLACE VIEW ${live} AS
SELECT ${columns_summed}, CAST(sum(rows) AS bigint) AS rows,
       CAST(sum(changes) AS bigint)
       + (SELECT generation << 40 FROM ${parts} WHERE view_name = ${view_literal} AND part = ${part})
       AS changes
FROM (
    SELECT ${columns}, rows, changes FROM ${base}
    UNION ALL
    SELECT ${columns}, rows, changes FROM ${wide}
    UNION ALL
    SELECT ${columns}, rows, changes FROM ${ledger}
) AS all_parts
GROUP BY ${keys}
HAVING sum(rows) <> 0

-- name: live_keyless
CREATE OR REPLACE VIEW ${live} AS
SELECT ${columns_or_zero}, CAST(coalesce(sum(rows), 0) AS bigint) AS rows,
       CAST(coalesce(sum(changes), 0) AS bigint)
       + (SELECT generation << 40 FROM ${parts} WHERE view_name = ${view_literal} AND part = ${part})
       AS changes
FROM (
    SELECT ${columns}, rows, changes FROM ${base}
    UNION ALL
    SELECT ${columns}, rows, changes FROM ${wide}
    UNION ALL
    SELECT ${columns}, rows, changes FROM ${ledger}
) AS all_parts

-- The body of a function whose search path has nothing but pg_catalog.
-- name: capture
#variable_conflict use_column
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO ${ledger} (${columns}, rows, changes)
        SELECT ${columns}, rows, 1
        FROM (SELECT ${keys}, ${aggregates}count(*) AS rows
              FROM (${rows_new}) AS new_rows GROUP BY ${keys}) AS added;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO ${ledger} (${columns}, rows, changes)
        SELECT ${columns_negated}, -rows, 1
        FROM (SELECT ${keys}, ${aggregates}count(*) AS rows
              FROM (${rows_old}) AS old_rows GROUP BY ${keys}) AS gone;
    ELSIF TG_OP = 'UPDATE' THEN
        -- Both sides in one aggregation: three would cost a statement of one row twice as much.
        INSERT INTO ${ledger} (${columns}, rows, changes)
        SELECT ${columns}, rows, 1
        FROM (
            SELECT ${keys}, ${net_aggregates}sum(sign) AS rows
            FROM (
                SELECT 1 AS sign, new_rows.* FROM (${rows_new}) AS new_rows
                UNION ALL
                SELECT -1 AS sign, old_rows.* FROM (${rows_old}) AS old_rows
            ) AS both_sides
            GROUP BY ${keys}
        ) AS net
        WHERE ${any_not_zero};
    ELSIF TG_ARGV[0] = 'root' THEN
        INSERT INTO ${ledger} (${columns}, rows, changes)
        SELECT ${columns_negated}, -rows, 1 FROM ${live} WHERE rows <> 0;
        IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
            INSERT INTO ${doubts} (view_name, part, reason)
            VALUES (${view_literal}, ${part},
                TG_TABLE_NAME || ' was truncated by a transaction with an older snapshot');
        END IF;
    ELSE
        INSERT INTO ${doubts} (view_name, part, reason)
        VALUES (${view_literal}, ${part}, 'the partition ' || TG_TABLE_NAME || ' was truncated');
    END IF;
    RETURN NULL;
END

-- name: lock_for_sync
LOCK TABLE ${table} IN ACCESS SHARE MODE;
LOCK TABLE ${base} IN SHARE ROW EXCLUSIVE MODE

-- name: empty
DELETE FROM ${base};
DELETE FROM ${wide}

-- name: fill
WITH net AS (
    SELECT ${columns_plainly_summed}, sum(rows) AS rows,
           pg_column_size(ROW(${keys})) > ${indexed_bytes} AS is_wide
    FROM (
        SELECT ${columns}, rows FROM ${recompute}
        UNION ALL
        SELECT ${columns_negated}, -rows FROM ${ledger}
    ) AS both_sides
    GROUP BY ${keys}
    HAVING ${not_zero}
), far AS (
    INSERT INTO ${wide} (${columns}, rows, changes, digest)
    SELECT ${columns}, rows, 0, ${digest} FROM net WHERE is_wide
)
INSERT INTO ${base} (${columns}, rows, changes)
SELECT ${columns}, rows, 0 FROM net WHERE NOT is_wide

-- The digest only finds rows; two of one group under two digests would add up even so.
-- name: fold
WITH taken AS (
    DELETE FROM ${ledger}
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${ledger} LIMIT :most))
    RETURNING ${columns}, rows, changes
), net AS (
    SELECT ${columns_plainly_summed}, sum(rows) AS rows, sum(changes) AS changes,
           pg_column_size(ROW(${keys})) > ${indexed_bytes} AS is_wide
    FROM taken GROUP BY ${keys}
), folded AS (
    INSERT INTO ${base} AS b (${columns}, rows, changes)
    SELECT ${columns}, rows, changes FROM net WHERE NOT is_wide
    ON CONFLICT (${keys}) DO UPDATE SET ${columns_added}
        rows = b.rows + excluded.rows, changes = b.changes + excluded.changes
    RETURNING 1
), far AS (
    SELECT ${columns}, rows, changes, ${digest} AS digest FROM net WHERE is_wide
), far_before AS (
    DELETE FROM ${wide}
    WHERE ctid = ANY (ARRAY(
        SELECT w.ctid FROM ${wide} AS w JOIN far ON far.digest = w.digest AND ${same_keys}))
    RETURNING ${columns}, rows, changes, digest
), far_folded AS (
    INSERT INTO ${wide} (${columns}, rows, changes, digest)
    SELECT ${columns_plainly_summed}, sum(rows), sum(changes), min(digest)
    FROM (SELECT * FROM far UNION ALL SELECT * FROM far_before) AS both_sides
    GROUP BY ${keys}
    RETURNING 1
), odd AS (
    INSERT INTO ledger_doubt (view_name, part, reason)
    SELECT ${view_literal}, ${part}, 'a sum met NaN or infinity, which cannot be taken off again'
    FROM net WHERE ${odd} LIMIT 1
)
SELECT (SELECT count(*) FROM taken) AS rows,
       (SELECT count(*) FROM folded) + (SELECT count(*) FROM far_folded) AS groups

-- name: sweep
WITH swept AS (
    DELETE FROM ${base}
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${base} WHERE ${all_zero} LIMIT :most))
    RETURNING 1
), swept_wide AS (
    DELETE FROM ${wide}
    WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${wide} WHERE ${all_zero} LIMIT :most))
    RETURNING 1
)
SELECT (SELECT count(*) FROM swept) + (SELECT count(*) FROM swept_wide)

-- name: audit
SELECT count(*) OVER () AS mismatches, min(CAST(to_jsonb(differing) AS text)) AS sample
FROM (
    (SELECT ${columns}, rows FROM ${recompute}
     EXCEPT SELECT ${columns}, rows FROM ${live} WHERE rows <> 0)
    UNION ALL
    (SELECT ${columns}, rows FROM ${live} WHERE rows <> 0
     EXCEPT SELECT ${columns}, rows FROM ${recompute})
) AS differing
GROUP BY ${keys}
LIMIT 5

-- name: pending
SELECT count(*) AS pending, min(at) AS oldest
FROM (SELECT at FROM ${ledger} LIMIT :most) AS waiting

-- name: measure_types
SELECT ${measure_types} FROM ${source} WHERE ${where} LIMIT 0

-- name: drop_generated
DROP FUNCTION IF EXISTS ${capture}();
DROP VIEW IF EXISTS ${live};
DROP TABLE IF EXISTS ${ledger};
DROP TABLE IF EXISTS ${wide};
DROP TABLE IF EXISTS ${base};
DROP VIEW IF EXISTS ${recompute};
DROP VIEW IF EXISTS ${rows_view}

-- name: read_view
CREATE OR REPLACE VIEW ${name} (${names}) AS ${query}

-- name: drop_view
DROP VIEW IF EXISTS ${name}
