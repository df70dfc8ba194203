-- How fast each source is called. A source's row is locked before the clock is read: slots that are
-- given later are later.

-- name: relax
-- A tempo that is lost in a crash is made anew within a second. A process that hangs while it has the
-- lock loses its connection, and the lock with it.
SELECT set_config('synchronous_commit', 'off', true) AS commit,
  set_config('lock_timeout', :lock_ms || 'ms', true) AS lock,
  set_config('idle_in_transaction_session_timeout', :idle_ms || 'ms', true) AS idle

-- name: start
INSERT INTO refresh_tempo (source, call_limit, rate, slowed_at, next_at)
VALUES (:source, :limit, :rate, clock_timestamp(), clock_timestamp())
ON CONFLICT (source) DO NOTHING

-- name: lock
SELECT call_limit, rate, slowed_at, next_at, pushed_us, paused_until, pause_reason
FROM refresh_tempo WHERE source = :source FOR UPDATE

-- name: read
SELECT clock_timestamp() AS now, t.call_limit, t.rate, t.slowed_at, t.next_at, t.pushed_us, t.paused_until, t.pause_reason
FROM (SELECT) one LEFT JOIN refresh_tempo t ON t.source = :source

-- name: time
SELECT clock_timestamp() AS now

-- name: write
UPDATE refresh_tempo SET call_limit = :limit, rate = :rate, slowed_at = :slowed_at, next_at = :next_at,
  pushed_us = :pushed_us, paused_until = :paused_until::timestamptz, pause_reason = :pause_reason
WHERE source = :source
