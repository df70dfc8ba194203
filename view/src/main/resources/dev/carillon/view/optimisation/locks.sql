-- How long a lock is waited for, in this transaction.

-- name: wait
SELECT set_config('lock_timeout', :millis::text, true)
