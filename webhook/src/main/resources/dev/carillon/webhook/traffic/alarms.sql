-- What follows an alert.

-- name: disable
UPDATE endpoint SET disabled_at = :at, disabled_reason = :reason, revision = revision + 1, updated_at = greatest(updated_at, :at)
WHERE id = :id AND disabled_at IS NULL

-- name: told
SELECT id FROM endpoint WHERE alerts AND disabled_at IS NULL AND id <> :endpoint ORDER BY id LIMIT :most
