-- Schedules: what people edit, and how far each is planned. Whoever changes a schedule locks its row
-- in schedule first and the one in schedule_due second; planners lock the latter only.

-- name: insert
INSERT INTO schedule (id, grp, name, description, tags, expression, zone, gap, overlap, start_at, end_at,
  excluded_dates, calendars, misfire, catch_up_seconds, max_catch_up, run_overlap, jitter_seconds,
  max_age_seconds, max_attempts, retry_seconds, pause_on_failure, after_last_run, target_kind, target, input,
  state, state_reason, state_since, anchor_at, revision, created_at, updated_at)
VALUES (:id, :grp, :name, :description, :tags, :expression, :zone, :gap, :overlap,
  :start_at::timestamptz, :end_at::timestamptz, :excluded_dates::date[], :calendars, :misfire, :catch_up_seconds,
  :max_catch_up, :run_overlap, :jitter_seconds, :max_age_seconds::bigint, :max_attempts::integer,
  :retry_seconds::integer[], :pause_on_failure, :after_last_run, :target_kind, :target::jsonb, :input,
  :state, :state_reason, :state_since, :anchor_at, :revision, :created_at, :updated_at)
ON CONFLICT (grp, name) DO NOTHING

-- name: update
UPDATE schedule SET grp = :grp, name = :name, description = :description, tags = :tags,
  expression = :expression, zone = :zone, gap = :gap, overlap = :overlap, start_at = :start_at::timestamptz,
  end_at = :end_at::timestamptz, excluded_dates = :excluded_dates::date[], calendars = :calendars,
  misfire = :misfire, catch_up_seconds = :catch_up_seconds, max_catch_up = :max_catch_up, run_overlap = :run_overlap,
  jitter_seconds = :jitter_seconds, max_age_seconds = :max_age_seconds::bigint,
  max_attempts = :max_attempts::integer, retry_seconds = :retry_seconds::integer[],
  pause_on_failure = :pause_on_failure, after_last_run = :after_last_run, target_kind = :target_kind,
  target = :target::jsonb, input = :input, state = :state, state_reason = :state_reason, state_since = :state_since,
  anchor_at = :anchor_at, revision = :revision, updated_at = :updated_at
WHERE id = :id

-- name: is_taken
SELECT EXISTS (SELECT FROM schedule WHERE grp = :grp AND name = :name AND id <> :id)

-- name: find
SELECT * FROM schedule WHERE id = :id

-- name: find_by_name
SELECT * FROM schedule WHERE grp = :grp AND name = :name

-- name: lock
SELECT * FROM schedule WHERE id = :id FOR UPDATE

-- name: read
SELECT * FROM schedule WHERE id = ANY (:ids)

-- name: list
SELECT * FROM schedule
WHERE (:before::uuid IS NULL OR id < :before::uuid)
  AND (:grp::text IS NULL OR grp = :grp::text)
  AND (:prefix::text IS NULL OR starts_with(name, :prefix::text))
  AND (:tag::text IS NULL OR tags @> ARRAY[:tag::text])
  AND (:state::text IS NULL OR state = :state::text)
ORDER BY id DESC
LIMIT :limit

-- name: delete
WITH due AS (
  DELETE FROM schedule_due WHERE schedule_id = :id
), missed AS (
  DELETE FROM schedule_miss WHERE schedule_id = :id
)
DELETE FROM schedule WHERE id = :id

-- name: insert_due
INSERT INTO schedule_due (schedule_id, next_at, next_local, planned_up_to, planned_local, tzdb_version, end_reason)
VALUES (:id, :next_at::timestamptz, :next_local::timestamp, :planned_up_to, :planned_local::timestamp, :tzdb_version, NULL)

-- name: due
SELECT d.*, s.zone FROM schedule_due d JOIN schedule s ON s.id = d.schedule_id WHERE d.schedule_id = :id

-- name: lock_due
SELECT d.*, s.zone FROM schedule_due d JOIN schedule s ON s.id = d.schedule_id
WHERE d.schedule_id = :id FOR UPDATE OF d

-- name: lock_next_due
SELECT schedule_id FROM schedule_due
WHERE look_at > :after AND look_at <= :until
ORDER BY look_at, schedule_id
LIMIT :limit
FOR UPDATE SKIP LOCKED

-- name: read_due
-- After the locks, with a later snapshot: a change that was committed meanwhile is seen whole.
SELECT d.*, s.zone FROM schedule_due d JOIN schedule s ON s.id = d.schedule_id WHERE d.schedule_id = ANY (:ids)

-- name: advance
UPDATE schedule_due d SET next_at = n.next_at, next_local = n.next_local, planned_up_to = n.planned_up_to,
  planned_local = n.planned_local, tzdb_version = n.tzdb_version, end_reason = n.end_reason, left_until = NULL
FROM unnest(:id::uuid[], :next_at::timestamptz[], :next_local::timestamp[], :planned_up_to::timestamptz[],
    :planned_local::timestamp[], :tzdb_version::text[], :end_reason::text[])
  AS n (id, next_at, next_local, planned_up_to, planned_local, tzdb_version, end_reason)
WHERE d.schedule_id = n.id

-- name: leave
UPDATE schedule_due SET left_until = :until WHERE schedule_id = ANY (:ids)

-- name: ended
SELECT schedule_id FROM schedule_due WHERE end_reason IS NOT NULL ORDER BY schedule_id LIMIT :limit

-- name: end_reason
SELECT end_reason FROM schedule_due WHERE schedule_id = :id

-- name: note_misses
INSERT INTO schedule_miss (schedule_id, nominal_at, nominal_local, reason, count, noted_at)
SELECT * FROM unnest(:id::uuid[], :nominal_at::timestamptz[], :nominal_local::timestamp[], :reason::text[], :count::bigint[],
  :noted_at::timestamptz[])
ON CONFLICT DO NOTHING

-- name: misses
SELECT * FROM schedule_miss
WHERE schedule_id = :id AND (:before::timestamptz IS NULL OR nominal_at < :before::timestamptz)
ORDER BY nominal_at DESC
LIMIT :limit

-- name: missed
SELECT coalesce(sum(count), 0)::bigint FROM schedule_miss WHERE schedule_id = :id

-- name: forget_misses
DELETE FROM schedule_miss WHERE ctid = ANY (ARRAY (
  SELECT ctid FROM schedule_miss WHERE noted_at < :before ORDER BY noted_at LIMIT :limit))

-- name: calendar_dates
SELECT name, unnest(dates) AS date FROM calendar WHERE name = ANY (:names)

-- name: known_calendars
SELECT name FROM calendar WHERE name = ANY (:names) FOR SHARE

-- name: put_calendar
INSERT INTO calendar (name, dates, source, updated_at, url, fetch_at, fetched_at, last_error, look_since)
VALUES (:name, :dates::date[], :source, :now, :url, :fetch_at::timestamptz, :fetched_at::timestamptz, NULL, :now)
ON CONFLICT (name) DO UPDATE SET dates = excluded.dates, source = excluded.source, updated_at = excluded.updated_at,
  url = excluded.url, fetch_at = excluded.fetch_at, fetched_at = excluded.fetched_at, last_error = NULL,
  look_since = excluded.look_since

-- name: claim_due_feed
UPDATE calendar SET fetch_at = :until
WHERE name = (
  SELECT name FROM calendar WHERE url IS NOT NULL AND fetch_at <= :now
  ORDER BY fetch_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING name, url, fetch_at

-- name: claim_feed
UPDATE calendar SET fetch_at = :until WHERE name = :name AND url IS NOT NULL
RETURNING name, url, fetch_at

-- name: lock_feed
-- Whoever has claimed it since, or has put it anew, has changed fetch_at.
SELECT * FROM calendar WHERE name = :name AND url = :url AND fetch_at = :claim FOR UPDATE

-- name: feed_fetched
UPDATE calendar SET dates = :dates::date[], updated_at = :updated_at, fetch_at = :fetch_at, fetched_at = :now,
  last_error = NULL, look_since = coalesce(:look_since::timestamptz, look_since)
WHERE name = :name

-- name: feed_failed
UPDATE calendar SET fetch_at = :fetch_at, last_error = :error
WHERE name = :name AND url = :url AND fetch_at = :claim

-- name: find_calendar
SELECT * FROM calendar WHERE name = :name

-- name: list_calendars
SELECT name, cardinality(dates) AS count, source, updated_at, url, fetched_at, last_error
FROM calendar WHERE (:after::text IS NULL OR name > :after::text) ORDER BY name LIMIT :limit

-- name: is_used_calendar
SELECT EXISTS (SELECT FROM schedule WHERE calendars @> ARRAY[:name::text])

-- name: lock_calendar
SELECT name FROM calendar WHERE name = :name FOR UPDATE

-- name: delete_calendar
DELETE FROM calendar WHERE name = :name

-- name: look_again
-- A page of the schedules that name a calendar, by id. What follows its change is derived anew; what
-- was due before stays as it is. Arrays, so that no plan reads all due rows for a page of them.
WITH page AS MATERIALIZED (
  SELECT id FROM schedule
  WHERE calendars @> ARRAY[:name::text] AND (:after::uuid IS NULL OR id > :after::uuid)
  ORDER BY id LIMIT :limit
), waiting AS MATERIALIZED (
  SELECT d.schedule_id FROM schedule_due d
  WHERE d.schedule_id = ANY (ARRAY (SELECT id FROM page)) AND d.next_at > :since
  ORDER BY d.schedule_id FOR UPDATE
), moved AS (
  UPDATE schedule_due SET next_at = :since, planned_up_to = greatest(planned_up_to, :since), left_until = NULL
  WHERE schedule_id = ANY (ARRAY (SELECT schedule_id FROM waiting))
)
SELECT id FROM page ORDER BY id

-- name: looked
UPDATE calendar SET look_since = NULL WHERE name = :name AND look_since = :since

-- name: unlooked
SELECT name, look_since FROM calendar WHERE look_since < :before ORDER BY look_since LIMIT :limit

-- name: derived_before
SELECT DISTINCT s.zone, d.tzdb_version
FROM schedule_due d JOIN schedule s ON s.id = d.schedule_id
WHERE d.tzdb_version < :tzdb_version AND d.next_at IS NOT NULL
ORDER BY 1, 2

-- name: lock_derived
SELECT d.schedule_id FROM schedule_due d JOIN schedule s ON s.id = d.schedule_id
WHERE s.zone = :zone AND d.tzdb_version = :tzdb_version AND d.next_at IS NOT NULL
  AND (:after::uuid IS NULL OR d.schedule_id > :after::uuid)
ORDER BY d.schedule_id
LIMIT :limit
FOR UPDATE OF d

-- name: failing
-- Schedules that a run's failure pauses, with why it failed.
SELECT s.id, f.failure_reason
FROM schedule s CROSS JOIN LATERAL (
  SELECT d.failure_reason FROM dead_letter d
  WHERE d.subject_id = s.id AND d.executed_at > s.state_since
  ORDER BY d.id DESC LIMIT 1) f
WHERE s.pause_on_failure AND s.state = 'ENABLED'
ORDER BY s.id
LIMIT :limit

-- name: done_with
-- Schedules to delete: ended, and no run is left, nor one that failed and may be redriven.
SELECT s.id FROM schedule s
WHERE s.after_last_run = 'DELETE' AND s.state = 'ENDED' AND (:id::uuid IS NULL OR s.id = :id::uuid)
  AND NOT EXISTS (SELECT FROM event e WHERE e.subject_id = s.id)
  AND NOT EXISTS (SELECT FROM dead_letter d WHERE d.subject_id = s.id)
ORDER BY s.id
LIMIT :limit
