-- What events say: the exact text that was committed to, and its salt. The only table from which content may go,
-- through ledger.erase alone. Partitioned by month, so that retention drops partitions instead of deleting rows.
CREATE TABLE ledger.payloads (
  organization_id uuid NOT NULL,
  position bigint NOT NULL,
  recorded_at bigint NOT NULL,
  salt bytea NOT NULL CHECK (octet_length(salt) = 32),
  payload text NOT NULL,
  PRIMARY KEY (organization_id, position, recorded_at)
) PARTITION BY RANGE (recorded_at);

-- Catches what no month was prepared for, so that an append never fails for want of a partition.
-- Compressing a payload of 2 kB took a fifth of all the database did for a decision, so only larger ones are compressed.
CREATE TABLE ledger.payloads_other PARTITION OF ledger.payloads DEFAULT WITH (toast_tuple_target = 8160);
