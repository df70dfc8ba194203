-- name: insert
INSERT INTO endpoint_key (id, endpoint_id, ordinal, kind, secret, public_key, created_at)
VALUES (:id, :endpoint, (
    SELECT coalesce(max(ordinal) + 1, 0) FROM endpoint_key WHERE endpoint_id = :endpoint),
  :kind, :secret, :public_key, :now)

-- name: live
SELECT * FROM endpoint_key
WHERE endpoint_id = :endpoint AND (expires_at IS NULL OR expires_at > :now)
ORDER BY ordinal DESC

-- name: secrets
-- In one statement, so that keys and certificates are of one moment.
SELECT e.id AS endpoint_id, e.client_certificate, e.client_key, e.ca_certificate,
  k.id AS key_id, k.secret, k.expires_at
FROM endpoint e
LEFT JOIN endpoint_key k ON k.endpoint_id = e.id AND (k.expires_at IS NULL OR k.expires_at > :now)
WHERE e.id = :endpoint
ORDER BY k.ordinal DESC

-- name: end
UPDATE endpoint_key SET expires_at = least(expires_at, :end)
WHERE endpoint_id = :endpoint

-- name: drop_ended
DELETE FROM endpoint_key WHERE endpoint_id = :endpoint AND expires_at <= :now

-- name: drop_all
DELETE FROM endpoint_key WHERE endpoint_id = :endpoint

-- name: expire
-- Endpoints are locked first, in the order of their ids, as by whoever changes them.
WITH due AS MATERIALIZED (
  SELECT id FROM endpoint
  WHERE id IN (SELECT endpoint_id FROM endpoint_key WHERE expires_at <= :now)
  ORDER BY id FOR UPDATE
), gone AS (
  DELETE FROM endpoint_key WHERE endpoint_id IN (SELECT id FROM due) AND expires_at <= :now RETURNING endpoint_id
), changed AS (
  UPDATE endpoint SET revision = revision + 1, updated_at = greatest(:now, created_at)
  WHERE id IN (SELECT endpoint_id FROM gone)
)
SELECT count(*) FROM gone
