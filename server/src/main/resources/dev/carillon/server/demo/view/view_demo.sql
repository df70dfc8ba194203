-- What the tables themselves say, to compare answers with.

-- name: count
SELECT j.job_id,
       (SELECT count(*) FROM job_objects o WHERE o.job_id = j.job_id) AS total,
       (SELECT count(*) FROM job_objects o WHERE o.job_id = j.job_id AND status IN ('succeeded', 'failed')) AS processed,
       (SELECT count(*) FROM findings f WHERE f.job_id = j.job_id) AS findings
FROM jobs j
WHERE j.job_id = ANY (:ids)

-- name: live
SELECT job_id, total_objects AS total, succeeded_count + failed_count AS processed, total_findings AS findings
FROM live_progress
WHERE job_id = ANY (:ids)

-- One statement, and so one snapshot: the ledger's view and a count of everything never differ.
-- name: differing
WITH counted AS (
  SELECT job_id,
         count(*) AS total,
         count(*) FILTER (WHERE status IN ('succeeded', 'failed')) AS processed
  FROM job_objects
  GROUP BY job_id
), found AS (
  SELECT job_id, count(*) AS findings FROM findings GROUP BY job_id
)
SELECT count(*)
FROM live_progress l
JOIN counted c USING (job_id)
LEFT JOIN found f USING (job_id)
WHERE (l.total_objects, l.succeeded_count + l.failed_count, l.total_findings)
   <> (c.total, c.processed, coalesce(f.findings, 0))
