-- Who belongs to an organization. `user_id` is the identity library's and the only link to it. `details` is JSON text.
CREATE TABLE enforcement.members (
  organization_id uuid NOT NULL,
  member_id text NOT NULL,
  user_id text NOT NULL,
  status text NOT NULL,
  details text NOT NULL,
  PRIMARY KEY (organization_id, member_id),
  UNIQUE (organization_id, user_id)
);

-- Which organizations somebody belongs to is asked before any organization is named.
CREATE INDEX members_by_user ON enforcement.members (user_id);

CREATE TABLE enforcement.invitations (
  organization_id uuid NOT NULL,
  invitation_id text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  details text NOT NULL,
  PRIMARY KEY (organization_id, invitation_id)
);

-- Stops in force: few, and cached by every replica under the head's epoch.
CREATE TABLE enforcement.stops (
  organization_id uuid NOT NULL,
  stop_id text NOT NULL,
  details text NOT NULL,
  PRIMARY KEY (organization_id, stop_id)
);

-- Stops that were: deadlines stood still while they were in force.
CREATE TABLE enforcement.lifted_stops (
  organization_id uuid NOT NULL,
  stop_id text NOT NULL,
  lifted_at bigint NOT NULL,
  details text NOT NULL,
  PRIMARY KEY (organization_id, stop_id)
);

-- Whoever counts the time of an approval reads those lifted since it was opened.
CREATE INDEX lifted_stops_by_time ON enforcement.lifted_stops (organization_id, lifted_at);
