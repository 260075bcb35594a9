-- What later decisions need to know of an approval; the words of people and agents are in the ledger. `details` is JSON.
CREATE TABLE enforcement.approvals (
  organization_id uuid NOT NULL,
  approval_id text NOT NULL,
  agent_id text NOT NULL,
  status text NOT NULL,
  -- When something can be due at the earliest; 0 for what is settled. Time under stops comes on top.
  due_at bigint NOT NULL,
  -- Until when it waits, as if no stop had been.
  expires_at bigint NOT NULL,
  details text NOT NULL,
  PRIMARY KEY (organization_id, approval_id)
);

-- Those that may still change, which are few: what an agent's next ask is compared with, and what a sweep looks at.
CREATE INDEX approvals_open ON enforcement.approvals (organization_id, agent_id) WHERE status IN ('pending', 'approved');
CREATE INDEX approvals_due ON enforcement.approvals (organization_id, due_at, approval_id) WHERE status IN ('pending', 'approved');

-- The queues: what ends first is looked at first.
CREATE INDEX approvals_waiting ON enforcement.approvals (organization_id, expires_at, approval_id) WHERE status = 'pending';
-- What became of what an agent asked before; ids are in the order of time.
CREATE INDEX approvals_of_agent ON enforcement.approvals (organization_id, agent_id, approval_id);

CREATE TABLE enforcement.grants (
  organization_id uuid NOT NULL,
  grant_id text NOT NULL,
  agent_id text NOT NULL,
  status text NOT NULL,
  expires_at bigint NOT NULL,
  details text NOT NULL,
  PRIMARY KEY (organization_id, grant_id)
);

CREATE INDEX grants_standing ON enforcement.grants (organization_id, agent_id) WHERE status = 'standing';
CREATE INDEX grants_due ON enforcement.grants (organization_id, expires_at) WHERE status = 'standing';
