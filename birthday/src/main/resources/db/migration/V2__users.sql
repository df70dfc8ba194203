-- Users. Their events are the engine's rows, planned in the same transaction.

CREATE TABLE users (
  id              uuid        PRIMARY KEY,
  first_name      text        NOT NULL CHECK (length(first_name) BETWEEN 1 AND 100),
  last_name       text        NOT NULL CHECK (length(last_name) BETWEEN 1 AND 100),
  date_of_birth   date        NOT NULL CHECK (date_of_birth >= DATE '1900-01-01'),
  time_zone       text        NOT NULL,
  leap_day_policy text        NOT NULL CHECK (leap_day_policy IN ('FEB_28', 'MAR_1', 'LEAP_ONLY')),
  delivery_time   time,
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL CHECK (updated_at >= created_at)
);

COMMENT ON COLUMN users.time_zone IS 'IANA name';
COMMENT ON COLUMN users.delivery_time IS 'When on the day, on the wall clock; null: as the event type says';
