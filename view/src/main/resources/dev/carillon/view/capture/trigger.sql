-- What is generated to capture what is written. ${...} is filled in by Template.

-- name: trigger_insert
CREATE TRIGGER ${trigger_insert} AFTER INSERT ON ${table}
REFERENCING NEW TABLE AS carillon_new FOR EACH STATEMENT EXECUTE FUNCTION ${capture}()

-- name: trigger_update
CREATE TRIGGER ${trigger_update} AFTER UPDATE ON ${table}
REFERENCING OLD TABLE AS carillon_old NEW TABLE AS carillon_new
FOR EACH STATEMENT EXECUTE FUNCTION ${capture}()

-- name: trigger_delete
CREATE TRIGGER ${trigger_delete} AFTER DELETE ON ${table}
REFERENCING OLD TABLE AS carillon_old FOR EACH STATEMENT EXECUTE FUNCTION ${capture}()

-- name: trigger_truncate
CREATE TRIGGER ${trigger_truncate} AFTER TRUNCATE ON ${table}
FOR EACH STATEMENT EXECUTE FUNCTION ${capture}(${place})

-- Whoever writes with it has its owner's rights: nothing is looked for where others can put
-- something, and nobody may call it from a trigger of his own.
-- name: function
CREATE OR REPLACE FUNCTION ${capture}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on
AS ${body};
REVOKE ALL ON FUNCTION ${capture}() FROM PUBLIC

-- All that wrote with another text have ended when this is had.
-- name: lock_for_function
LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE

-- Under these, the database's text of a view means the same to whoever reads it.
-- name: plain_words
SET LOCAL search_path = '';
SET LOCAL standard_conforming_strings = on;
SET LOCAL DateStyle = 'ISO';
SET LOCAL IntervalStyle = 'iso_8601';
SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1

-- name: lock_for_triggers
LOCK TABLE ONLY ${table} IN SHARE ROW EXCLUSIVE MODE

-- name: drop_triggers
DROP TRIGGER IF EXISTS ${trigger_insert} ON ${table};
DROP TRIGGER IF EXISTS ${trigger_update} ON ${table};
DROP TRIGGER IF EXISTS ${trigger_delete} ON ${table};
DROP TRIGGER IF EXISTS ${trigger_truncate} ON ${table}

-- name: enable_triggers
ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${trigger_insert},
    ENABLE ALWAYS TRIGGER ${trigger_update}, ENABLE ALWAYS TRIGGER ${trigger_delete},
    ENABLE ALWAYS TRIGGER ${trigger_truncate}

-- name: check_immutable
CREATE INDEX ON ${shadow} ((1)) WHERE ${all_known}

-- name: shadow
CREATE TABLE ${shadow} (LIKE ${table} INCLUDING GENERATED)

-- name: limits
SET LOCAL lock_timeout = '${lock_timeout_ms}ms'

-- name: read_committed
SET TRANSACTION ISOLATION LEVEL READ COMMITTED

-- name: one_snapshot
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ

-- name: explain
EXPLAIN (VERBOSE, COSTS OFF) ${query}

-- name: no_rows
SELECT * FROM (
${query}
) AS query LIMIT 0
