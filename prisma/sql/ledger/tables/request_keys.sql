-- Which request was decided where, for ever: 128 bits of SHA-256 over the agent and its request id.
-- A table of its own, so that the promise outlives every retention rule.
CREATE TABLE ledger.request_keys (
  organization_id uuid NOT NULL,
  key uuid NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (organization_id, key)
);
