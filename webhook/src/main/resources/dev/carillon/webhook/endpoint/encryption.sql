-- name: lock
-- Of two processes that start at once with different keys, the second is refused.
LOCK TABLE encryption_key IN SHARE ROW EXCLUSIVE MODE

-- name: needed
-- The registered keys, and those of every secret: a process of before may have written one since.
SELECT encode(key_id, 'hex') FROM encryption_key
UNION SELECT encode(substring(secret FROM 2 FOR 8), 'hex') FROM endpoint_key
UNION SELECT encode(substring(client_key FROM 2 FOR 8), 'hex') FROM endpoint WHERE client_key IS NOT NULL
ORDER BY 1

-- name: register
INSERT INTO encryption_key (key_id) VALUES (decode(:key_id, 'hex')) ON CONFLICT DO NOTHING

-- name: forget_others
DELETE FROM encryption_key WHERE key_id <> decode(:key_id, 'hex')

-- name: keys_of_others
SELECT id, secret AS sealed FROM endpoint_key
WHERE substring(secret FROM 2 FOR 8) <> decode(:key_id, 'hex')
ORDER BY id LIMIT :limit FOR UPDATE

-- name: reseal_key
UPDATE endpoint_key SET secret = :sealed WHERE id = :id

-- name: client_keys_of_others
SELECT id, client_key AS sealed FROM endpoint
WHERE substring(client_key FROM 2 FOR 8) <> decode(:key_id, 'hex')
ORDER BY id LIMIT :limit FOR UPDATE

-- name: reseal_client_key
UPDATE endpoint SET client_key = :sealed WHERE id = :id
