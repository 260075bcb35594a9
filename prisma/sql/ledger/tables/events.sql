-- Headers and commitments of every event; with the payload erased, still enough to recompute every proof.
CREATE TABLE ledger.events (
  organization_id uuid NOT NULL,
  position bigint NOT NULL CHECK (position >= 0),
  id uuid NOT NULL,
  stream text NOT NULL,
  stream_version integer NOT NULL CHECK (stream_version >= 1),
  type text NOT NULL,
  schema_version smallint NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_method text NOT NULL,
  actor_credential text NOT NULL,
  recorded_at bigint NOT NULL,
  -- SHA-256 of the salt and the exact payload text.
  commitment bytea NOT NULL CHECK (octet_length(commitment) = 32),
  PRIMARY KEY (organization_id, position),
  UNIQUE (organization_id, stream, stream_version)
) PARTITION BY HASH (organization_id);

CREATE TABLE ledger.events_0 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 0);
CREATE TABLE ledger.events_1 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 1);
CREATE TABLE ledger.events_2 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 2);
CREATE TABLE ledger.events_3 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 3);
CREATE TABLE ledger.events_4 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 4);
CREATE TABLE ledger.events_5 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 5);
CREATE TABLE ledger.events_6 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 6);
CREATE TABLE ledger.events_7 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 7);
