-- name: make
CREATE TABLE booking (
  account integer NOT NULL,
  amount  integer NOT NULL CHECK (amount > 0),
  at      timestamp NOT NULL,
  note    text
);
CREATE FUNCTION refuse(reason text) RETURNS void LANGUAGE plpgsql AS
  'BEGIN IF reason ~ ''^[0-9A-Z]{5}$'' THEN RAISE EXCEPTION USING ERRCODE = reason, MESSAGE = ''raised''; END IF; RAISE ''refused %, sorry'', reason; END';

-- name: bookings
SELECT concat_ws('|', account, amount, at, note) FROM booking ORDER BY amount

-- name: count_schedule_sql_run
SELECT count(*) FROM schedule_sql_run

-- name: count_queue_message
SELECT count(*) FROM queue_message

-- name: take
DELETE FROM queue_message WHERE (queue, id) = (
  SELECT queue, id FROM queue_message WHERE queue = :queue
  ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING payload
