-- What is the same for all parts.

-- name: parts
SELECT view_name, part, schema_name, definition, keys, keyless, measures, exact, reason, fingerprint,
       dropping, synced_at, folded_at
FROM ledger_part
WHERE view_name = :view
ORDER BY part

-- name: add
INSERT INTO ledger_part (view_name, part, schema_name, definition, keys, keyless, measures)
VALUES (:view, :part, :schema, :definition, :keys, :keyless, :measures)
ON CONFLICT (view_name, part) DO NOTHING

-- name: forget
WITH doubts AS (DELETE FROM ledger_doubt WHERE view_name = :view)
DELETE FROM ledger_part WHERE view_name = :view

-- name: begin_drop
UPDATE ledger_part SET dropping = true, exact = false, reason = 'it is being dropped'
WHERE view_name = :view

-- name: may_capture
SELECT true FROM ledger_part WHERE view_name = :view AND part = :part AND NOT dropping FOR SHARE

-- name: guard
SELECT true FROM ledger_part WHERE view_name = :view AND part = :part FOR UPDATE SKIP LOCKED

-- name: guard_sync
SELECT true FROM ledger_part WHERE view_name = :view AND part = :part FOR UPDATE

-- name: folded
UPDATE ledger_part SET folded_at = clock_timestamp() WHERE view_name = :view AND part = :part

-- A group that comes again begins its changes anew: the generation keeps their number from going back.
-- name: swept
UPDATE ledger_part SET generation = generation + 1 WHERE view_name = :view AND part = :part

-- name: synced
WITH doubts AS (DELETE FROM ledger_doubt WHERE view_name = :view AND part = :part)
UPDATE ledger_part
SET exact = (:reason::text IS NULL), reason = :reason, fingerprint = :fingerprint,
    generation = generation + 1, synced_at = now()
WHERE view_name = :view AND part = :part

-- name: doubt
INSERT INTO ledger_doubt (view_name, part, reason) VALUES (:view, :part, :reason)

-- Who fills the part anew at this moment has its row, and is not waited for.
-- name: unsure
WITH free AS (
    SELECT view_name, part FROM ledger_part
    WHERE view_name = :view AND part = :part AND (exact OR reason IS DISTINCT FROM :reason)
    FOR UPDATE SKIP LOCKED
)
UPDATE ledger_part p SET exact = false, reason = :reason
FROM free WHERE p.view_name = free.view_name AND p.part = free.part

-- name: doubts
SELECT reason FROM ledger_doubt WHERE view_name = :view AND part = :part ORDER BY at LIMIT 1
