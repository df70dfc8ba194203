-- name: add
INSERT INTO api_key (id, name, role, key_sha256, created_at)
SELECT :id, :name, :role, :hash, :created_at
WHERE (SELECT count(*) FROM api_key WHERE revoked_at IS NULL) < :most

-- name: list
SELECT id, name, role, created_at FROM api_key
WHERE revoked_at IS NULL
ORDER BY id DESC
LIMIT :most

-- name: revoke
UPDATE api_key SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL

-- name: holder
SELECT id, name, role, created_at FROM api_key WHERE key_sha256 = :hash AND revoked_at IS NULL
