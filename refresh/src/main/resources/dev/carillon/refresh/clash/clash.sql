-- Records of the Clash of Clans API. Rows are written in ascending order of their keys, table by table, so
-- that no two writers wait for each other. What has not changed is sorted out by a join before the
-- insert: a conflict would lock the row, and a lock is a write.

-- name: upsert_clans
INSERT INTO clans AS c (tag, name, level, members, data, updated_at)
SELECT n.tag, n.name, n.level, n.members, n.data, n.fetched_at
FROM unnest(:tag::text[], :name::text[], :level::integer[], :members::integer[], :data::jsonb[], :fetched_at::timestamptz[])
    AS n (tag, name, level, members, data, fetched_at)
  LEFT JOIN clans o ON o.tag = n.tag
WHERE o.tag IS NULL OR (o.updated_at <= n.fetched_at AND o.data IS DISTINCT FROM n.data)
ORDER BY n.tag
ON CONFLICT (tag) DO UPDATE
  SET name = EXCLUDED.name, level = EXCLUDED.level, members = EXCLUDED.members, data = EXCLUDED.data,
    updated_at = EXCLUDED.updated_at
  WHERE c.updated_at <= EXCLUDED.updated_at AND c.data IS DISTINCT FROM EXCLUDED.data
RETURNING tag

-- name: upsert_players
-- Those who are not in their clan's list any more are in none, until another clan or they themselves say so.
WITH named AS (
  SELECT * FROM unnest(:tag::text[], :name::text[], :town_hall::integer[], :role::text[], :clan_tag::text[], :data::jsonb[],
    :fetched_at::timestamptz[]) AS n (tag, name, town_hall, role, clan_tag, data, fetched_at)
), listed AS (
  SELECT * FROM unnest(:clan::text[], :clan_fetched_at::timestamptz[]) AS l (tag, fetched_at)
), seen AS (
  SELECT * FROM named
  UNION ALL
  SELECT p.tag, p.name, p.town_hall, NULL, NULL, NULL, l.fetched_at
  FROM listed l JOIN players p ON p.clan_tag = l.tag
  WHERE p.tag NOT IN (SELECT tag FROM named)
)
INSERT INTO players AS p (tag, name, town_hall, role, clan_tag, data, updated_at)
SELECT n.tag, n.name, n.town_hall, n.role, n.clan_tag, n.data, n.fetched_at
FROM seen n LEFT JOIN players o ON o.tag = n.tag
WHERE o.tag IS NULL OR (o.updated_at <= n.fetched_at
  AND (o.name, o.town_hall, o.role, o.clan_tag, o.data)
    IS DISTINCT FROM (n.name, n.town_hall, n.role, n.clan_tag, coalesce(n.data, o.data)))
ORDER BY n.tag
ON CONFLICT (tag) DO UPDATE
  SET name = EXCLUDED.name, town_hall = EXCLUDED.town_hall, role = EXCLUDED.role, clan_tag = EXCLUDED.clan_tag,
    data = coalesce(EXCLUDED.data, p.data), updated_at = EXCLUDED.updated_at
  WHERE p.updated_at <= EXCLUDED.updated_at
RETURNING tag

-- name: close_memberships
-- Of those who left a listed clan, and of those who are listed in another one.
WITH members AS (
  SELECT * FROM unnest(:player::text[], :clan_tag::text[], :fetched_at::timestamptz[]) AS n (player_tag, clan_tag, fetched_at)
), listed AS (
  SELECT * FROM unnest(:clan::text[], :clan_fetched_at::timestamptz[]) AS l (tag, fetched_at)
), left_clan AS (
  SELECT o.player_tag, o.joined_at, l.fetched_at
  FROM listed l JOIN clan_memberships o ON o.clan_tag = l.tag AND o.left_at IS NULL
  WHERE NOT EXISTS (SELECT FROM members n WHERE n.player_tag = o.player_tag AND n.clan_tag = o.clan_tag)
  UNION
  SELECT o.player_tag, o.joined_at, n.fetched_at
  FROM members n JOIN clan_memberships o ON o.player_tag = n.player_tag AND o.left_at IS NULL
  WHERE o.clan_tag <> n.clan_tag
), closing AS (
  SELECT o.player_tag, o.joined_at, max(g.fetched_at) AS left_at
  FROM left_clan g JOIN clan_memberships o USING (player_tag, joined_at)
  WHERE o.joined_at <= g.fetched_at
  GROUP BY o.player_tag, o.joined_at
), locked AS (
  SELECT o.player_tag, o.joined_at, c.left_at
  FROM closing c JOIN clan_memberships o USING (player_tag, joined_at)
  WHERE o.left_at IS NULL
  ORDER BY o.player_tag
  FOR UPDATE OF o
)
UPDATE clan_memberships m SET left_at = l.left_at
FROM locked l
WHERE m.player_tag = l.player_tag AND m.joined_at = l.joined_at

-- name: open_memberships
INSERT INTO clan_memberships (player_tag, clan_tag, joined_at)
SELECT n.player_tag, n.clan_tag, n.fetched_at
FROM unnest(:player::text[], :clan_tag::text[], :fetched_at::timestamptz[]) AS n (player_tag, clan_tag, fetched_at)
WHERE NOT EXISTS (
    SELECT FROM clan_memberships o
    WHERE o.player_tag = n.player_tag AND (o.left_at IS NULL OR o.left_at > n.fetched_at))
ORDER BY n.player_tag
ON CONFLICT DO NOTHING

-- name: upsert_wars
INSERT INTO wars AS w (clan_tag, preparation_start_time, start_time, end_time, opponent_tag, state, data, updated_at)
SELECT n.clan_tag, n.preparation_start_time, n.start_time, n.end_time, n.opponent_tag, n.state, n.data, n.fetched_at
FROM unnest(:clan_tag::text[], :preparation_start_time::timestamptz[], :start_time::timestamptz[], :end_time::timestamptz[],
      :opponent_tag::text[], :state::text[], :data::jsonb[], :fetched_at::timestamptz[])
    AS n (clan_tag, preparation_start_time, start_time, end_time, opponent_tag, state, data, fetched_at)
  LEFT JOIN wars o ON o.clan_tag = n.clan_tag AND o.preparation_start_time = n.preparation_start_time
WHERE o.clan_tag IS NULL OR (o.updated_at <= n.fetched_at AND o.data IS DISTINCT FROM n.data)
ORDER BY n.clan_tag
ON CONFLICT (clan_tag, preparation_start_time) DO UPDATE
  SET start_time = EXCLUDED.start_time, end_time = EXCLUDED.end_time, opponent_tag = EXCLUDED.opponent_tag,
    state = EXCLUDED.state, data = EXCLUDED.data, updated_at = EXCLUDED.updated_at
  WHERE w.updated_at <= EXCLUDED.updated_at AND w.data IS DISTINCT FROM EXCLUDED.data
RETURNING clan_tag

-- name: note_war_states
INSERT INTO war_states (clan_tag, seen_at, state, preparation_start_time)
SELECT n.clan_tag, n.seen_at, n.state, n.preparation_start_time
FROM unnest(:clan_tag::text[], :seen_at::timestamptz[], :state::text[], :preparation_start_time::timestamptz[])
    AS n (clan_tag, seen_at, state, preparation_start_time)
  LEFT JOIN LATERAL (
    SELECT s.seen_at, s.state, s.preparation_start_time FROM war_states s
    WHERE s.clan_tag = n.clan_tag ORDER BY s.seen_at DESC LIMIT 1) last ON true
WHERE last.seen_at IS NULL OR (last.seen_at < n.seen_at
  AND (last.state, last.preparation_start_time) IS DISTINCT FROM (n.state, n.preparation_start_time))
ORDER BY n.clan_tag
ON CONFLICT DO NOTHING
RETURNING clan_tag

-- name: read_clan
SELECT data FROM clans WHERE tag = :tag

-- name: read_player
SELECT data FROM players WHERE tag = :tag AND data IS NOT NULL

-- name: read_war
SELECT coalesce(w.data, jsonb_build_object('state', s.state)) AS data
FROM (SELECT * FROM war_states WHERE clan_tag = :tag ORDER BY seen_at DESC LIMIT 1) s
  LEFT JOIN wars w ON w.clan_tag = s.clan_tag AND w.preparation_start_time = s.preparation_start_time
