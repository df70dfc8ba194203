-- The peer's table.

-- name: bucket_table
-- The columns that bucket4j wants.
CREATE TABLE bucket (
  id         bigint PRIMARY KEY,
  state      bytea,
  expires_at bigint
)
