-- name: server_version
SELECT current_setting('server_version')

-- name: zone_offsets
-- What this server's own time zone database says; compared with the JVM's, never used for events.
SELECT n.name, array_agg(extract(epoch FROM
    (to_timestamp(i.second) AT TIME ZONE n.name) - (to_timestamp(i.second) AT TIME ZONE 'UTC'))::int
  ORDER BY i.position) AS offsets
FROM pg_timezone_names n CROSS JOIN unnest(:seconds) WITH ORDINALITY AS i (second, position)
WHERE n.name = ANY (:zones)
GROUP BY n.name
