-- Configuration: few rows, cached by every replica under the head's epoch. `details` is JSON text that only we read.
CREATE TABLE enforcement.organizations (
  organization_id uuid NOT NULL,
  self text NOT NULL CHECK (self = 'self'),
  name text NOT NULL UNIQUE,
  details text NOT NULL,
  PRIMARY KEY (organization_id, self)
);

CREATE TABLE enforcement.teams (
  organization_id uuid NOT NULL,
  team_id text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (organization_id, team_id)
);

CREATE TABLE enforcement.agents (
  organization_id uuid NOT NULL,
  agent_id text NOT NULL,
  name text NOT NULL,
  team_id text NOT NULL,
  details text NOT NULL,
  PRIMARY KEY (organization_id, agent_id)
);

-- Keys are 256 random bits, so a plain SHA-256 cannot be guessed backwards; the key itself is stored nowhere.
CREATE TABLE enforcement.agent_keys (
  organization_id uuid NOT NULL,
  key_id text NOT NULL,
  agent_id text NOT NULL,
  hash text NOT NULL UNIQUE,
  details text NOT NULL,
  PRIMARY KEY (organization_id, key_id)
);

CREATE TABLE enforcement.policies (
  organization_id uuid NOT NULL,
  name text NOT NULL,
  version integer NOT NULL,
  document text NOT NULL,
  PRIMARY KEY (organization_id, name)
);

CREATE TABLE enforcement.attachments (
  organization_id uuid NOT NULL,
  policy text NOT NULL,
  layer text NOT NULL,
  point text NOT NULL,
  PRIMARY KEY (organization_id, policy, layer, point)
);

-- Changes that wait for a second person. So few may wait that all are read with the rest.
CREATE TABLE enforcement.publications (
  organization_id uuid NOT NULL,
  publication_id text NOT NULL,
  details text NOT NULL,
  PRIMARY KEY (organization_id, publication_id)
);

-- When a key was last seen, written coarsely and outside the lock: the one thing here that is not from the ledger.
CREATE TABLE enforcement.agent_key_uses (
  organization_id uuid NOT NULL,
  key_id text NOT NULL,
  last_used_at bigint NOT NULL,
  PRIMARY KEY (organization_id, key_id)
);
