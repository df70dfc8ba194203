-- The receivers of messages. What is secret is encrypted (see Vault): a version byte, the id of the
-- encryption key (8 bytes), a nonce, the ciphertext. Nothing that events do per delivery writes here.

CREATE TABLE encryption_key (
  key_id     bytea       PRIMARY KEY CHECK (octet_length(key_id) = 8),
  created_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE encryption_key IS 'Which ENCRYPTION_KEY a process must have; the keys themselves are stored nowhere';
COMMENT ON COLUMN encryption_key.key_id IS 'The first 8 bytes of a SHA-256 of the key';

CREATE TABLE endpoint (
  id                 uuid        PRIMARY KEY,
  name               text        COLLATE "C" NOT NULL UNIQUE CHECK (
    name ~ '^[a-z0-9][a-z0-9_-]{0,62}$' AND name !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  url                text        NOT NULL CHECK (length(url) <= 2048 AND url ~* '^https?://'),
  signature          text        NOT NULL CHECK (signature IN ('v1', 'v1a')),
  policy             text        NOT NULL CHECK (policy IN ('carillon', 'standard-webhooks')),
  retry_waits_ms     bigint[]    CHECK (cardinality(retry_waits_ms) BETWEEN 1 AND 24
    AND 1000 <= ALL (retry_waits_ms) AND 604800000 >= ALL (retry_waits_ms)),
  concurrency        integer     NOT NULL CHECK (concurrency BETWEEN 1 AND 1000),
  rate_per_second    float8      CHECK (rate_per_second BETWEEN 0.01 AND 10000),
  rate_burst         integer     CHECK (rate_burst BETWEEN 1 AND 1000000),
  timeout_ms         integer     NOT NULL CHECK (timeout_ms BETWEEN 1000 AND 50000),
  alerts             boolean     NOT NULL,
  managed            boolean     NOT NULL,
  disabled_at        timestamptz,
  disabled_reason    text        CHECK (length(disabled_reason) BETWEEN 1 AND 500),
  client_certificate text,
  client_key         bytea,
  ca_certificate     text,
  revision           bigint      NOT NULL DEFAULT 1 CHECK (revision >= 1),
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL CHECK (updated_at >= created_at),
  CHECK ((rate_per_second IS NULL) = (rate_burst IS NULL)),
  CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
  CHECK ((client_certificate IS NULL) = (client_key IS NULL))
);

COMMENT ON TABLE endpoint IS 'Receivers of messages; the one named default is used where nobody chose';
COMMENT ON COLUMN endpoint.retry_waits_ms IS 'The waits between attempts in milliseconds; null: exponential';
COMMENT ON COLUMN endpoint.alerts IS 'Whether it is told of other endpoints'' troubles';
COMMENT ON COLUMN endpoint.managed IS 'Whether its URL and keys come from WEBHOOK_URL and WEBHOOK_SECRET';
COMMENT ON COLUMN endpoint.client_key IS 'Encrypted';
COMMENT ON COLUMN endpoint.revision IS 'One more with each change, also of the keys';

CREATE TABLE endpoint_key (
  id          uuid        PRIMARY KEY,
  endpoint_id uuid        NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
  ordinal     integer     NOT NULL CHECK (ordinal >= 0),
  kind        text        NOT NULL CHECK (kind IN ('v1', 'v1a')),
  secret      bytea       NOT NULL,
  public_key  text,
  created_at  timestamptz NOT NULL,
  expires_at  timestamptz,
  UNIQUE (endpoint_id, ordinal),
  CHECK ((kind = 'v1') = (public_key IS NULL))
);

CREATE INDEX endpoint_key_by_expiry ON endpoint_key (expires_at) WHERE expires_at IS NOT NULL;

COMMENT ON TABLE endpoint_key IS 'Signing keys of endpoints: the highest ordinal is the current one';
COMMENT ON COLUMN endpoint_key.secret IS 'Encrypted';
COMMENT ON COLUMN endpoint_key.expires_at IS 'When it signs no more and its row goes; null: no end is set';
