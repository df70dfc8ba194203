-- The traffic of endpoints, shared by processes. Written a few times a second by each process that
-- has traffic, never for a single message. No foreign keys: whoever deletes an endpoint would wait for
-- its traffic's row and the traffic for the endpoint's. Rows of deleted endpoints are forgotten later.

CREATE TABLE endpoint_traffic (
  endpoint_id   uuid        PRIMARY KEY,
  failures      integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
  failing_since timestamptz,
  cause         text,
  open_until    timestamptz,
  openings      integer     NOT NULL DEFAULT 0 CHECK (openings >= 0),
  next_slot     timestamptz,
  updated_at    timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

COMMENT ON TABLE endpoint_traffic IS 'The circuit breaker and the token bucket of each endpoint';
COMMENT ON COLUMN endpoint_traffic.next_slot IS 'When the next message may come at the earliest, by the generic cell rate algorithm';

CREATE TABLE endpoint_share (
  endpoint_id uuid        NOT NULL,
  process_id  uuid        NOT NULL,
  permits     integer     NOT NULL CHECK (permits >= 0),
  starving    boolean     NOT NULL,
  expires_at  timestamptz NOT NULL,
  PRIMARY KEY (endpoint_id, process_id)
) WITH (fillfactor = 50);

COMMENT ON TABLE endpoint_share IS 'How many attempts each process may have under way; by the clock of the database';
