-- The 256 leaf hashes of every completed tile, and the interior nodes above them. Inserted by the append that
-- completes them, so that a proof reads O(log n) rows however long the ledger is.
CREATE TABLE ledger.tiles (
  organization_id uuid NOT NULL,
  tile bigint NOT NULL CHECK (tile >= 0),
  leaves bytea NOT NULL CHECK (octet_length(leaves) = 8192),
  PRIMARY KEY (organization_id, tile)
);

-- Level 8 spans one tile of 256 leaves, level 9 two tiles, and so on; index counts nodes of a level from the left.
CREATE TABLE ledger.nodes (
  organization_id uuid NOT NULL,
  level smallint NOT NULL CHECK (level >= 8),
  index bigint NOT NULL CHECK (index >= 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (organization_id, level, index)
);
