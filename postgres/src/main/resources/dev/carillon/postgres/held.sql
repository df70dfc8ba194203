-- Events that wait in lanes.

-- name: lanes
-- From one lane to the next by index: the cost follows the lanes, not the events that wait in them.
-- Only those that a target claims from: the last sixteenth of all ids is released by its owner.
WITH RECURSIVE lanes AS (
  (SELECT lane FROM event_due WHERE lane < 'f0000000-0000-0000-0000-000000000000' ORDER BY lane LIMIT 1)
  UNION ALL
  SELECT (SELECT d.lane FROM event_due d WHERE d.lane > l.lane
    AND d.lane < 'f0000000-0000-0000-0000-000000000000' ORDER BY d.lane LIMIT 1)
  FROM lanes l WHERE l.lane IS NOT NULL
)
SELECT lane FROM lanes WHERE lane IS NOT NULL

-- name: count
-- At most as many are counted as are asked for.
SELECT count(*)::integer FROM (SELECT FROM event_due WHERE lane = :lane LIMIT :most) held
