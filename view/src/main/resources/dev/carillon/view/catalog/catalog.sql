-- Registered views and how they are.

-- name: insert
INSERT INTO registered_view (name, tier, query, key_columns, interval_millis, objective_millis, created_at)
VALUES (:name, :tier, :query, :key_columns, :interval_millis, :objective_millis, :created_at)
ON CONFLICT DO NOTHING

-- name: insert_state
INSERT INTO view_state (view_name) VALUES (:name)

-- name: update
UPDATE registered_view
SET tier = :tier,
    query = :query,
    key_columns = :key_columns,
    interval_millis = :interval_millis,
    objective_millis = :objective_millis
WHERE name = :name

-- name: delete
DELETE FROM registered_view WHERE name = :name

-- name: find
SELECT name, tier, query, key_columns, interval_millis, objective_millis, created_at
FROM registered_view
WHERE name = :name

-- name: list
SELECT name, tier, query, key_columns, interval_millis, objective_millis, created_at
FROM registered_view
ORDER BY name
LIMIT :limit

-- name: state
SELECT view_name, exact, reason, proven_at, failures, last_error, last_error_at, retry_at
FROM view_state
WHERE view_name = :name

-- name: states
SELECT view_name, exact, reason, proven_at, failures, last_error, last_error_at, retry_at
FROM view_state
ORDER BY view_name
LIMIT :limit

-- name: guard
SELECT true FROM view_state WHERE view_name = :name FOR UPDATE SKIP LOCKED

-- name: note_success
UPDATE view_state
SET proven_at = now(), failures = 0, last_error = NULL, last_error_at = NULL, retry_at = NULL
WHERE view_name = :name

-- name: note_failure
UPDATE view_state
SET failures = failures + 1,
    last_error = left(:error, 2000),
    last_error_at = clock_timestamp(),
    retry_at = clock_timestamp() + :wait_millis * interval '1 millisecond'
WHERE view_name = :name

-- name: note_exact
UPDATE view_state SET exact = true, reason = NULL, proven_at = now() WHERE view_name = :name

-- name: note_inexact
UPDATE view_state SET exact = false, reason = :reason WHERE view_name = :name

-- name: retries_due
SELECT s.view_name
FROM view_state s JOIN registered_view r ON r.name = s.view_name
WHERE s.retry_at <= now() AND r.tier = :tier
ORDER BY s.retry_at
LIMIT :limit
