-- name: server_version
SELECT current_setting('server_version')

-- name: vitals
-- As many held events are counted as people care to know.
SELECT
  (SELECT count(*) FROM endpoint WHERE disabled_at IS NOT NULL)::integer AS disabled,
  (SELECT count(*) FROM endpoint_traffic t JOIN endpoint e ON e.id = t.endpoint_id
   WHERE t.failures >= :failing AND e.disabled_at IS NULL)::integer AS failing,
  (SELECT count(*) FROM calendar WHERE last_error IS NOT NULL)::integer AS calendars_failing,
  coalesce((SELECT greatest(extract(epoch FROM :now - min(look_at)), 0) FROM schedule_due), 0)::float8 AS unplanned,
  (SELECT count(*) FROM (SELECT FROM event_due WHERE lane IS NOT NULL LIMIT :most) held)::integer AS held,
  EXISTS (SELECT FROM endpoint WHERE name = :default AND disabled_at IS NULL) AS delivering

-- name: zone_offsets
-- What this server's own time zone database says; compared with the JVM's, never used for events.
SELECT n.name, array_agg(extract(epoch FROM
    (to_timestamp(i.second) AT TIME ZONE n.name) - (to_timestamp(i.second) AT TIME ZONE 'UTC'))::int
  ORDER BY i.position) AS offsets
FROM pg_timezone_names n CROSS JOIN unnest(:seconds) WITH ORDINALITY AS i (second, position)
WHERE n.name = ANY (:zones)
GROUP BY n.name
