-- name: count
SELECT count(*) FROM endpoint

-- name: insert
INSERT INTO endpoint (id, name, url, signature, policy, retry_waits_ms, concurrency,
  rate_per_second, rate_burst, timeout_ms, alerts, managed, disabled_at, disabled_reason,
  client_certificate, client_key, ca_certificate, created_at, updated_at)
VALUES (:id, :name, :url, :signature, :policy, :retry_waits_ms::bigint[], :concurrency,
  :rate_per_second, :rate_burst, :timeout_ms, :alerts, false, :disabled_at, :disabled_reason,
  :client_certificate, :client_key, :ca_certificate, :now, :now)
ON CONFLICT (name) DO NOTHING
RETURNING *

-- name: find
SELECT * FROM endpoint WHERE id = :id

-- name: find_by_name
SELECT * FROM endpoint WHERE name = :name

-- name: lock
SELECT * FROM endpoint WHERE id = :id FOR UPDATE

-- name: lock_by_name
SELECT * FROM endpoint WHERE name = :name FOR UPDATE

-- name: list
SELECT * FROM endpoint
WHERE (:before::uuid IS NULL OR id < :before::uuid)
ORDER BY id DESC
LIMIT :limit

-- name: update
UPDATE endpoint SET name = :name, url = :url, policy = :policy,
  retry_waits_ms = :retry_waits_ms::bigint[], concurrency = :concurrency,
  rate_per_second = :rate_per_second, rate_burst = :rate_burst, timeout_ms = :timeout_ms,
  alerts = :alerts, client_certificate = :client_certificate, client_key = :client_key,
  ca_certificate = :ca_certificate,
  revision = revision + 1, updated_at = greatest(:now, created_at)
WHERE id = :id
RETURNING *

-- name: rotated
UPDATE endpoint SET signature = :signature,
  revision = revision + 1, updated_at = greatest(:now, created_at)
WHERE id = :id
RETURNING *

-- name: disable
UPDATE endpoint SET disabled_at = :now, disabled_reason = :reason,
  revision = revision + 1, updated_at = greatest(:now, created_at)
WHERE id = :id AND disabled_at IS NULL
RETURNING *

-- name: enable
UPDATE endpoint SET disabled_at = NULL, disabled_reason = NULL,
  revision = revision + 1, updated_at = greatest(:now, created_at)
WHERE id = :id AND disabled_at IS NOT NULL
RETURNING *

-- name: manage
-- The keys' rotation has made the revision. Another receiver has not refused anything yet: whatever the one before was disabled for is over.
UPDATE endpoint SET url = :url, managed = true,
  disabled_at = CASE WHEN url = :url THEN disabled_at END,
  disabled_reason = CASE WHEN url = :url THEN disabled_reason END
WHERE id = :id
RETURNING *

-- name: release
UPDATE endpoint SET managed = false, revision = revision + 1, updated_at = greatest(:now, created_at)
WHERE managed

-- name: delete
DELETE FROM endpoint WHERE id = :id
