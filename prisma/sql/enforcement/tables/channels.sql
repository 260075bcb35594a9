-- URLs that notices are sent to. Their secrets are elsewhere (`notices.endpoint_secrets`), sealed. `details` is JSON text.
CREATE TABLE enforcement.endpoints (
  organization_id uuid NOT NULL,
  endpoint_id text NOT NULL,
  details text NOT NULL,
  PRIMARY KEY (organization_id, endpoint_id)
);

-- What members chose to be mailed; whoever chose nothing has no row.
CREATE TABLE enforcement.notice_choices (
  organization_id uuid NOT NULL,
  member_id text NOT NULL,
  details text NOT NULL,
  PRIMARY KEY (organization_id, member_id)
);
