-- The traffic of endpoints. Rows are locked in the order of their ids, so that no two processes wait
-- for each other.

-- name: begin
INSERT INTO endpoint_traffic (endpoint_id)
SELECT id FROM endpoint WHERE id = ANY (:ids) ORDER BY id
ON CONFLICT DO NOTHING

-- name: lock
SELECT endpoint_id FROM endpoint_traffic WHERE endpoint_id = ANY (:ids) ORDER BY endpoint_id FOR UPDATE

-- name: read
-- After the lock, with a later snapshot: what those who had the lock before have written, all of it.
SELECT t.endpoint_id, t.failures, t.failing_since, t.cause, t.open_until, t.openings, t.next_slot,
  e.name, e.revision, e.concurrency, e.rate_per_second, e.rate_burst, e.disabled_at, s.*
FROM endpoint_traffic t JOIN endpoint e ON e.id = t.endpoint_id
CROSS JOIN LATERAL (
  SELECT coalesce(sum(permits) FILTER (WHERE process_id <> :process), 0)::integer AS others_permits,
    (count(*) FILTER (WHERE process_id <> :process AND (starving OR permits > 0)))::integer AS sharing,
    (count(*) FILTER (WHERE process_id <> :process AND starving))::integer AS others_starving,
    coalesce(sum(permits) FILTER (WHERE process_id <> :process AND starving), 0)::integer AS starving_permits,
    (count(*) FILTER (WHERE process_id < :process AND starving))::integer AS starving_before,
    max(permits) FILTER (WHERE process_id = :process) AS own_permits,
    coalesce(bool_or(starving) FILTER (WHERE process_id = :process), false) AS own_starving
  FROM endpoint_share WHERE endpoint_id = t.endpoint_id AND expires_at > clock_timestamp()
) s
WHERE t.endpoint_id = ANY (:ids)

-- name: write
UPDATE endpoint_traffic t
SET failures = n.failures, failing_since = n.failing_since, cause = n.cause, open_until = n.open_until,
  openings = n.openings, next_slot = n.next_slot, updated_at = now()
FROM unnest(:id::uuid[], :failures::integer[], :failing_since::timestamptz[], :cause::text[], :open_until::timestamptz[],
    :openings::integer[], :next_slot::timestamptz[])
  AS n (id, failures, failing_since, cause, open_until, openings, next_slot)
WHERE t.endpoint_id = n.id

-- name: share
INSERT INTO endpoint_share (endpoint_id, process_id, permits, starving, expires_at)
SELECT n.id, :process, n.permits, n.starving, clock_timestamp() + make_interval(secs => :lease)
FROM unnest(:id::uuid[], :permits::integer[], :starving::boolean[]) AS n (id, permits, starving)
ON CONFLICT (endpoint_id, process_id) DO UPDATE
SET permits = excluded.permits, starving = excluded.starving, expires_at = excluded.expires_at

-- name: release
DELETE FROM endpoint_share WHERE process_id = :process AND endpoint_id = ANY (:ids)

-- name: forget_shares
DELETE FROM endpoint_share WHERE expires_at < clock_timestamp() - interval '1 hour'

-- name: forget_deleted
-- Endpoints are deleted without a look at their traffic: no foreign key makes one wait for the other.
DELETE FROM endpoint_traffic t WHERE NOT EXISTS (SELECT FROM endpoint e WHERE e.id = t.endpoint_id)

-- name: reset
UPDATE endpoint_traffic
SET failures = 0, failing_since = NULL, cause = NULL, open_until = NULL, openings = 0, updated_at = now()
WHERE endpoint_id = :id

-- name: condition
SELECT l.id, e.id IS NULL AS deleted, e.disabled_at IS NOT NULL AS disabled,
  coalesce(t.failures, 0) AS failures, t.failing_since, t.cause, t.open_until, coalesce(t.openings, 0) AS openings
FROM unnest(:ids::uuid[]) AS l (id)
LEFT JOIN endpoint e ON e.id = l.id LEFT JOIN endpoint_traffic t ON t.endpoint_id = l.id

-- name: standing
SELECT t.endpoint_id, t.failures, t.failing_since, t.cause, t.open_until, t.openings
FROM endpoint_traffic t WHERE t.endpoint_id = ANY (:ids)

-- name: troubled
SELECT
  (SELECT count(*) FROM endpoint WHERE disabled_at IS NOT NULL)::integer AS disabled,
  (SELECT count(*) FROM endpoint_traffic t JOIN endpoint e ON e.id = t.endpoint_id
   WHERE t.failures >= :failing AND e.disabled_at IS NULL)::integer AS failing
