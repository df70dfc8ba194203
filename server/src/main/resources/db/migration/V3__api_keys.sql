-- Keys for machines. Only a hash is kept; a revoked key keeps its row, so that the log can be read.

CREATE TABLE api_key (
  id         uuid        PRIMARY KEY,
  name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  role       text        NOT NULL CHECK (role IN ('admin', 'service')),
  key_sha256 bytea       NOT NULL UNIQUE CHECK (octet_length(key_sha256) = 32),
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);

COMMENT ON TABLE api_key IS 'Keys for machines; the keys themselves are stored nowhere';
