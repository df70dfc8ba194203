-- The traffic of endpoints. Rows are locked in the order of their ids, so that no two processes wait
-- for each other.

-- name: begin
INSERT INTO endpoint_traffic (endpoint_id)
SELECT id FROM endpoint WHERE id = ANY (:ids)
ON CONFLICT DO NOTHING

-- name: lock
SELECT t.endpoint_id, t.failures, t.failing_since, t.cause, t.open_until, t.openings, t.next_slot,
  e.name, e.revision, e.concurrency, e.rate_per_second, e.rate_burst, e.disabled_reason
FROM endpoint_traffic t JOIN endpoint e ON e.id = t.endpoint_id
WHERE t.endpoint_id = ANY (:ids)
ORDER BY t.endpoint_id
FOR UPDATE OF t

-- name: others
-- After the lock, with a later snapshot: who had the lock before has written its share.
SELECT endpoint_id, count(*)::integer AS processes, sum(permits)::integer AS permits, bool_or(starving) AS starving
FROM endpoint_share
WHERE endpoint_id = ANY (:ids) AND process_id <> :process AND expires_at > clock_timestamp()
GROUP BY endpoint_id

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

-- name: forget
DELETE FROM endpoint_share WHERE expires_at < clock_timestamp() - interval '1 hour'

-- name: reset
UPDATE endpoint_traffic
SET failures = 0, failing_since = NULL, cause = NULL, open_until = NULL, openings = 0, updated_at = now()
WHERE endpoint_id = :id

-- name: disable
UPDATE endpoint SET disabled_at = :at, disabled_reason = :reason, revision = revision + 1, updated_at = greatest(updated_at, :at)
WHERE id = :id AND disabled_at IS NULL

-- name: alerted
SELECT id FROM endpoint WHERE alerts AND disabled_at IS NULL AND id <> :endpoint ORDER BY id LIMIT :most

-- name: standing
SELECT t.endpoint_id, t.failures, t.failing_since, t.cause, t.open_until, t.openings, t.next_slot
FROM endpoint_traffic t WHERE t.endpoint_id = ANY (:ids)

-- name: troubled
SELECT
  (SELECT count(*) FROM endpoint WHERE disabled_at IS NOT NULL)::integer AS disabled,
  (SELECT count(*) FROM endpoint_traffic t JOIN endpoint e ON e.id = t.endpoint_id
   WHERE t.failures >= :failing AND e.disabled_at IS NULL)::integer AS failing
