-- Where a user's messages go. No foreign key: what becomes of a message whose endpoint is gone is the
-- delivery's business, and this module works with any target.
ALTER TABLE users ADD COLUMN endpoint text CHECK (length(endpoint) BETWEEN 1 AND 64);

CREATE INDEX users_by_endpoint ON users (endpoint) WHERE endpoint IS NOT NULL;

COMMENT ON COLUMN users.endpoint IS 'Which endpoint gets the user''s messages; null: as the event type says';
