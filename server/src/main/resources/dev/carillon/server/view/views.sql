-- What the refreshes of the last day came to.

-- name: counts
SELECT view_name,
       count(*) FILTER (WHERE outcome = 'REFRESHED') AS refreshed,
       count(*) FILTER (WHERE outcome IN ('FAILED', 'IMPOSSIBLE')) AS failed
FROM view_refresh_history
WHERE ended_at > now() - interval '24 hours'
GROUP BY view_name
