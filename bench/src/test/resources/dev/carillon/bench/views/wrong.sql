-- For the test of the look: one job's row is wrong.
-- name: counter_forget
UPDATE job_counter SET queued = queued + 1 WHERE job_id = (SELECT job_id FROM job_counter LIMIT 1)
