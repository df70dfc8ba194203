-- What is generated for one view. ${...} is filled in by Template; all names are quoted there.

-- name: recompute
CREATE OR REPLACE VIEW ${recompute} AS
${query}

-- name: target
CREATE TABLE IF NOT EXISTS ${target} AS SELECT * FROM ${recompute} WITH NO DATA

-- name: target_key
CREATE UNIQUE INDEX IF NOT EXISTS ${target_key} ON ${target} (${keys}) NULLS NOT DISTINCT

-- name: target_options
ALTER TABLE ${target} SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)

-- name: dirty
CREATE TABLE IF NOT EXISTS ${dirty} (
    ${dirty_columns},
    whole boolean NOT NULL DEFAULT false,
    at timestamptz NOT NULL DEFAULT clock_timestamp())

-- name: dirty_options
ALTER TABLE ${dirty} SET (
    autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_threshold = 100000, vacuum_truncate = false)

-- The keys of a table's rows; the same of written rows is the body's text.
-- name: touched_view
CREATE OR REPLACE VIEW ${touched_view} (${ks}) AS ${touched}

-- name: touched
SELECT DISTINCT ${expressions} FROM ${table} AS ${alias} WHERE ${known}

-- The body of a function whose search path has nothing but pg_catalog.
-- name: capture
#variable_conflict use_column
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO ${dirty} (${ks}) ${touched_new};
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO ${dirty} (${ks}) ${touched_old};
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO ${dirty} (${ks}) (${touched_new}) UNION (${touched_old});
    ELSE
        INSERT INTO ${dirty} (whole) VALUES (true);
    END IF;
    RETURN NULL;
END

-- name: key_types
CREATE VIEW ${types} AS SELECT ${expressions} FROM ${table} AS ${alias}

-- name: drop_key_types
DROP VIEW ${types}

-- name: explain_settings
SET LOCAL enable_seqscan = off

-- name: explain_restricted
EXPLAIN (FORMAT JSON, VERBOSE, COSTS OFF)
SELECT q.*
FROM ${dirty} AS d
CROSS JOIN LATERAL (SELECT ${columns} FROM ${recompute} AS q WHERE ${match} OFFSET 0) AS q

-- name: patterns
SELECT DISTINCT concat(${are_null}) FROM ${dirty} WHERE NOT whole

-- name: is_whole
SELECT EXISTS (SELECT FROM ${dirty} WHERE whole)

-- name: work
WITH taken AS (
    DELETE FROM ${dirty}
    WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${dirty} WHERE NOT whole AND ${pattern} LIMIT :most))
    RETURNING ${ks}
), touched AS MATERIALIZED (
    SELECT DISTINCT ${ks} FROM taken
), fresh AS MATERIALIZED (
    SELECT q.*
    FROM touched AS d
    CROSS JOIN LATERAL (SELECT ${columns} FROM ${recompute} AS q WHERE ${match} OFFSET 0) AS q
), written AS (
    INSERT INTO ${target} AS t (${columns}) SELECT ${columns} FROM fresh
    ON CONFLICT (${keys}) ${on_conflict}
    RETURNING 1
), removed AS (
    DELETE FROM ${target} AS t
    USING touched AS d
    WHERE ${target_match} AND NOT EXISTS (SELECT FROM fresh AS f WHERE ${same_key})
    RETURNING 1
)
SELECT (SELECT count(*) FROM taken) AS rows, (SELECT count(*) FROM touched) AS keys,
       (SELECT count(*) FROM written) AS written, (SELECT count(*) FROM removed) AS removed,
       EXISTS (SELECT FROM fresh GROUP BY ${keys} HAVING count(*) > 1) AS ambiguous

-- name: lock_for_sync
LOCK TABLE ${tables} IN ACCESS SHARE MODE;
LOCK TABLE ${target} IN SHARE ROW EXCLUSIVE MODE

-- name: sync
WITH fresh AS MATERIALIZED (
    SELECT ${columns} FROM ${recompute}
), taken AS (
    DELETE FROM ${dirty} RETURNING 1
), written AS (
    INSERT INTO ${target} AS t (${columns}) SELECT ${columns} FROM fresh
    ON CONFLICT (${keys}) ${on_conflict}
    RETURNING 1
), dead AS (
    SELECT max(place) AS place
    FROM (
        SELECT ${keys}, ctid AS place, 0 AS here FROM ${target}
        UNION ALL
        SELECT ${keys}, NULL, 1 FROM fresh
    ) AS both_sides
    GROUP BY ${keys}
    HAVING max(here) = 0
), removed AS (
    DELETE FROM ${target} AS t USING dead WHERE t.ctid = dead.place RETURNING 1
)
SELECT (SELECT count(*) FROM taken) AS rows, (SELECT count(*) FROM fresh) AS keys,
       (SELECT count(*) FROM written) AS written, (SELECT count(*) FROM removed) AS removed,
       EXISTS (SELECT FROM fresh GROUP BY ${keys} HAVING count(*) > 1) AS ambiguous

-- name: audit
SELECT count(*) OVER () AS mismatches, min(image) || ' | ' || max(image) AS sample
FROM (
    SELECT ${keys_numbered}, CAST(ROW(${columns}) AS text) COLLATE "C" AS image FROM ${recompute}
    UNION ALL
    SELECT ${keys_numbered}, CAST(ROW(${columns}) AS text) COLLATE "C" FROM ${target}
) AS both_sides
GROUP BY ${numbers}
HAVING (count(*) <> 2 OR min(image) <> max(image))
   AND NOT EXISTS (SELECT FROM ${dirty} AS d WHERE d.whole OR (${pending}))
LIMIT 5

-- name: pending
SELECT count(*) AS pending, min(at) AS oldest, statement_timestamp() AS read_at
FROM (SELECT at FROM ${dirty} LIMIT :most) AS waiting

-- name: drop_function
DROP FUNCTION IF EXISTS ${capture}();
DROP VIEW IF EXISTS ${touched_view}

-- name: drop_generated
DROP TABLE IF EXISTS ${dirty};
DROP VIEW IF EXISTS ${recompute}

-- name: drop_target
DROP TABLE IF EXISTS ${target}
