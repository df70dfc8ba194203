-- Runs of a schedule beside each other.

-- name: earlier
-- Live runs that were due before another one; at most as many are counted as are asked for.
SELECT count(*)::integer FROM (
  SELECT FROM event
  WHERE subject_id = :schedule AND event_type = 'SCHEDULE' AND (target_timestamp_utc, id) < (:utc, :id)
  LIMIT :most) earlier

-- name: release
-- From one lane of a schedule to the next by index. The first run of a lane is released when no live
-- run of its schedule was due before it.
WITH RECURSIVE lanes AS (
  (SELECT lane FROM event_due WHERE lane >= 'f0000000-0000-0000-0000-000000000000' ORDER BY lane LIMIT 1)
  UNION ALL
  SELECT (SELECT d.lane FROM event_due d WHERE d.lane > l.lane ORDER BY d.lane LIMIT 1)
  FROM lanes l WHERE l.lane IS NOT NULL
), firsts AS MATERIALIZED (
  SELECT f.event_id FROM lanes l CROSS JOIN LATERAL (
    SELECT d.event_id FROM event_due d WHERE d.lane = l.lane ORDER BY d.lane_position, d.event_id LIMIT 1) f
  WHERE l.lane IS NOT NULL
), ready AS MATERIALIZED (
  SELECT e.id FROM firsts f JOIN event e ON e.id = f.event_id
  WHERE NOT EXISTS (
    SELECT FROM event earlier
    WHERE earlier.subject_id = e.subject_id AND earlier.event_type = 'SCHEDULE'
      AND (earlier.target_timestamp_utc, earlier.id) < (e.target_timestamp_utc, e.id))
  LIMIT :limit
), held AS MATERIALIZED (
  SELECT ctid FROM event_due WHERE event_id IN (SELECT id FROM ready) AND lane IS NOT NULL
  ORDER BY event_id FOR UPDATE SKIP LOCKED
)
UPDATE event_due SET due_at = least(lane_position, :now), lane = NULL, lane_position = NULL
WHERE ctid = ANY (ARRAY (SELECT ctid FROM held))
