-- One row per organization: the lock everything that appends takes first, and the tree head it extends.
-- Updated by every commit, hence the low fill factor (HOT updates) and the eager vacuum.
CREATE TABLE ledger.heads (
  organization_id uuid PRIMARY KEY,
  size bigint NOT NULL CHECK (size >= 0),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  frontier bytea NOT NULL,
  recorded_at bigint NOT NULL,
  -- Position of the last event that changed configuration, -1 before the first: caches are exact under it.
  epoch bigint NOT NULL CHECK (epoch >= -1)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
