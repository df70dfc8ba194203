-- The queue of refresh requests. Whoever locks several rows locks them in the order of their records.

-- name: add
-- What is not more urgent than what is there changes nothing, and is not returned. Most of it is
-- sorted out by a join: a conflict would lock the row, and a lock is a write. What was there when
-- this began is taken later, if at all, and so brings what is asked for now. The limit makes it one
-- look at the primary key for each: what is known of the table's size may be wrong.
WITH batch AS MATERIALIZED (
  SELECT nextval('refresh_arrival') AS first
), added AS (
  INSERT INTO refresh_request AS r (source, type, tag, priority, requested_at, deadline, arrival)
  SELECT n.source, n.type, n.tag, n.priority, n.requested_at, n.deadline, batch.first + n.place
  FROM batch CROSS JOIN unnest(:source::text[], :type::text[], :tag::text[], :priority::int4[],
    :requested_at::timestamptz[], :deadline::timestamptz[], :place::int4[]) WITH ORDINALITY
    AS n (source, type, tag, priority, requested_at, deadline, place, ordinal)
    LEFT JOIN LATERAL (
      SELECT r.priority, r.deadline, r.lease, r.again_priority, r.again_deadline FROM refresh_request r
      WHERE r.source = n.source AND r.type = n.type AND r.tag = n.tag LIMIT 1) o ON true
  WHERE o.priority IS NULL OR CASE WHEN o.lease IS NULL
    THEN n.priority < o.priority OR n.deadline < o.deadline
    ELSE o.again_priority IS NULL OR n.priority < o.again_priority OR n.deadline < o.again_deadline END
  ORDER BY n.ordinal
  ON CONFLICT (source, type, tag) DO UPDATE SET
    priority = CASE WHEN r.lease IS NULL THEN least(r.priority, excluded.priority) ELSE r.priority END,
    requested_at = CASE WHEN r.lease IS NULL THEN least(r.requested_at, excluded.requested_at) ELSE r.requested_at END,
    deadline = CASE WHEN r.lease IS NULL THEN least(r.deadline, excluded.deadline) ELSE r.deadline END,
    arrival = CASE WHEN r.lease IS NULL AND excluded.deadline < r.deadline THEN excluded.arrival ELSE r.arrival END,
    again_priority = CASE WHEN r.lease IS NOT NULL THEN least(r.again_priority, excluded.priority) END,
    again_requested_at = CASE WHEN r.lease IS NOT NULL THEN least(r.again_requested_at, excluded.requested_at) END,
    again_deadline = CASE WHEN r.lease IS NOT NULL THEN least(r.again_deadline, excluded.deadline) END,
    again_arrival = CASE WHEN r.lease IS NOT NULL THEN coalesce(r.again_arrival, excluded.arrival) END
  WHERE CASE WHEN r.lease IS NULL
    THEN excluded.priority < r.priority OR excluded.deadline < r.deadline
    ELSE r.again_priority IS NULL OR excluded.priority < r.again_priority OR excluded.deadline < r.again_deadline END
  RETURNING r.xmax = 0 AS is_new, r.again_arrival
)
SELECT count(*) FILTER (WHERE a.is_new OR coalesce(a.again_arrival BETWEEN b.first AND b.first + 999, false)) AS queued,
  count(*) AS changed
FROM added a CROSS JOIN batch b

-- name: by_index
-- What is known of the table's contents is often wrong: it is empty now and has a million rows in a
-- minute. Within the transaction, plans that would read all of it are the last resort.
SELECT set_config('enable_bitmapscan', 'off', true) AS bitmapscan, set_config('enable_seqscan', 'off', true) AS seqscan

-- name: take
WITH next AS MATERIALIZED (
  SELECT source, type, tag FROM refresh_request
  WHERE source = :source AND lease IS NULL
  ORDER BY deadline, arrival
  LIMIT :most
  FOR UPDATE SKIP LOCKED
), taken AS (
  UPDATE refresh_request r SET lease = :lease, leased_until = :until, takes = r.takes + 1
  FROM next n WHERE r.source = n.source AND r.type = n.type AND r.tag = n.tag
  RETURNING r.source, r.type, r.tag, r.priority, r.requested_at, r.deadline, r.arrival, r.takes, r.lease
)
SELECT * FROM taken ORDER BY deadline, arrival

-- name: lock_taken
-- Not "=": that would prove that there is a lease, and all that is in hand would be looked through
-- instead of the primary key.
WITH locked AS MATERIALIZED (
  SELECT r.again_priority IS NOT NULL AS has_again
  FROM unnest(:source::text[], :type::text[], :tag::text[], :lease::uuid[]) WITH ORDINALITY
    AS t (source, type, tag, lease, place)
  JOIN refresh_request r ON r.source = t.source AND r.type = t.type AND r.tag = t.tag AND r.lease IS NOT DISTINCT FROM t.lease
  ORDER BY t.place
  FOR UPDATE OF r
)
SELECT coalesce(bool_or(has_again), false) FROM locked

-- name: queue_again
-- Done, but asked for anew meanwhile: a request like any other.
UPDATE refresh_request r SET lease = NULL, leased_until = NULL, takes = 0, priority = r.again_priority,
  requested_at = r.again_requested_at, deadline = r.again_deadline, arrival = r.again_arrival,
  again_priority = NULL, again_requested_at = NULL, again_deadline = NULL, again_arrival = NULL
FROM unnest(:source::text[], :type::text[], :tag::text[], :lease::uuid[]) AS t (source, type, tag, lease)
WHERE r.source = t.source AND r.type = t.type AND r.tag = t.tag AND r.lease IS NOT DISTINCT FROM t.lease AND r.again_priority IS NOT NULL

-- name: delete_taken
DELETE FROM refresh_request r
USING unnest(:source::text[], :type::text[], :tag::text[], :lease::uuid[]) AS t (source, type, tag, lease)
WHERE r.source = t.source AND r.type = t.type AND r.tag = t.tag AND r.lease IS NOT DISTINCT FROM t.lease

-- name: give_back
UPDATE refresh_request r SET lease = NULL, leased_until = NULL, takes = r.takes - 1,
  priority = least(r.priority, r.again_priority), requested_at = least(r.requested_at, r.again_requested_at),
  arrival = CASE WHEN r.again_deadline < r.deadline THEN r.again_arrival ELSE r.arrival END,
  deadline = least(r.deadline, r.again_deadline),
  again_priority = NULL, again_requested_at = NULL, again_deadline = NULL, again_arrival = NULL
FROM unnest(:source::text[], :type::text[], :tag::text[], :lease::uuid[]) AS t (source, type, tag, lease)
WHERE r.source = t.source AND r.type = t.type AND r.tag = t.tag AND r.lease IS NOT DISTINCT FROM t.lease

-- name: reclaim
-- From here on what is late is leased to the one who reclaims, within its transaction.
WITH late AS MATERIALIZED (
  SELECT source, type, tag FROM refresh_request
  WHERE source = :source AND lease IS NOT NULL AND leased_until <= :now
  ORDER BY leased_until
  LIMIT :limit
  FOR UPDATE SKIP LOCKED
)
UPDATE refresh_request r SET lease = :lease
FROM late l WHERE r.source = l.source AND r.type = l.type AND r.tag = l.tag

-- name: bury
INSERT INTO refresh_dead (source, item, reason, at)
SELECT source,
  json_build_object('source', source, 'type', type, 'tag', tag,
    'priority', (ARRAY['critical', 'high', 'medium', 'low'])[priority + 1])::text,
  :reason, :now
FROM refresh_request
WHERE source = :source AND lease = :lease AND leased_until <= :now AND takes >= :most
ORDER BY deadline, arrival

-- name: trim_dead
DELETE FROM refresh_dead
WHERE source = :source
  AND id <= (SELECT id FROM refresh_dead WHERE source = :source ORDER BY id DESC OFFSET :keep LIMIT 1)

-- name: queue_dead_again
UPDATE refresh_request SET lease = NULL, leased_until = NULL, takes = 0, priority = again_priority,
  requested_at = again_requested_at, deadline = again_deadline, arrival = again_arrival,
  again_priority = NULL, again_requested_at = NULL, again_deadline = NULL, again_arrival = NULL
WHERE source = :source AND lease = :lease AND leased_until <= :now AND takes >= :most AND again_priority IS NOT NULL

-- name: delete_dead
DELETE FROM refresh_request
WHERE source = :source AND lease = :lease AND leased_until <= :now AND takes >= :most

-- name: wait_again
UPDATE refresh_request SET lease = NULL, leased_until = NULL,
  priority = least(priority, again_priority), requested_at = least(requested_at, again_requested_at),
  arrival = CASE WHEN again_deadline < deadline THEN again_arrival ELSE arrival END,
  deadline = least(deadline, again_deadline),
  again_priority = NULL, again_requested_at = NULL, again_deadline = NULL, again_arrival = NULL
WHERE source = :source AND lease = :lease AND leased_until <= :now

-- name: waiting
-- One pass over the index, with neither a sort nor a table of groups.
SELECT count(*) FILTER (WHERE priority = 0) AS waiting_0, min(requested_at) FILTER (WHERE priority = 0) AS oldest_0,
  count(*) FILTER (WHERE priority = 1) AS waiting_1, min(requested_at) FILTER (WHERE priority = 1) AS oldest_1,
  count(*) FILTER (WHERE priority = 2) AS waiting_2, min(requested_at) FILTER (WHERE priority = 2) AS oldest_2,
  count(*) FILTER (WHERE priority = 3) AS waiting_3, min(requested_at) FILTER (WHERE priority = 3) AS oldest_3
FROM refresh_request WHERE source = :source AND lease IS NULL

-- name: not_waiting
SELECT (SELECT count(*) FROM refresh_request WHERE source = :source AND lease IS NOT NULL) AS in_hand,
  (SELECT count(*) FROM refresh_dead WHERE source = :source) AS dead

-- name: dead
SELECT item, reason, at FROM refresh_dead WHERE source = :source ORDER BY id DESC LIMIT :most

-- name: answers
SELECT 1
