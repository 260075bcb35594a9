-- One counter per budget, scope instance and window, for ever: a late correction finds the window it belongs to.
CREATE TABLE enforcement.budget_counters (
  organization_id uuid NOT NULL,
  key text NOT NULL,
  spent bigint NOT NULL,
  held bigint NOT NULL CHECK (held >= 0),
  PRIMARY KEY (organization_id, key)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

-- Open holds only: a hold that ended is in the ledger. Entries are JSON text: which counters, how much each.
CREATE TABLE enforcement.holds (
  organization_id uuid NOT NULL,
  decision_id text NOT NULL,
  expires_at bigint NOT NULL,
  entries text NOT NULL,
  PRIMARY KEY (organization_id, decision_id)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX holds_due ON enforcement.holds (organization_id, expires_at);

-- The exact sliding log of one rate and scope instance: instants of allows and takes, oldest first, comma-separated.
CREATE TABLE enforcement.rate_windows (
  organization_id uuid NOT NULL,
  key text NOT NULL,
  entries text NOT NULL,
  PRIMARY KEY (organization_id, key)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
