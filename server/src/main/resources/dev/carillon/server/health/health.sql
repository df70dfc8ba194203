-- name: server_version
SELECT current_setting('server_version')

-- name: endpoints
-- As many held events are counted as people care to know.
SELECT
  (SELECT count(*) FROM endpoint WHERE disabled_at IS NOT NULL)::integer AS disabled,
  (SELECT count(*) FROM endpoint_traffic t JOIN endpoint e ON e.id = t.endpoint_id
   WHERE t.failures >= :failing AND e.disabled_at IS NULL)::integer AS failing,
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
