-- Signed tree heads, in the C2SP tlog-checkpoint form, written after the commit they cover.
CREATE TABLE ledger.checkpoints (
  organization_id uuid NOT NULL,
  size bigint NOT NULL CHECK (size >= 0),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note text NOT NULL,
  signed_at bigint NOT NULL,
  PRIMARY KEY (organization_id, size)
);
