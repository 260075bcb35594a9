-- How far each ledger was read: the next position, and the last day whose checkpoint was told. Moved by compare-and-set in
-- the transaction that writes what the events in between make, so each event is planned exactly once.
CREATE TABLE notices.followed (
  organization_id uuid PRIMARY KEY,
  position bigint NOT NULL CHECK (position >= 0),
  checkpoint_day text NOT NULL
);

-- What is to be told, once for each key. `content` is JSON text.
CREATE TABLE notices.notices (
  organization_id uuid NOT NULL,
  notice_id text NOT NULL,
  key text NOT NULL,
  kind text NOT NULL,
  at bigint NOT NULL,
  approval_id text,
  only_while text,
  content text NOT NULL,
  PRIMARY KEY (organization_id, notice_id),
  UNIQUE (organization_id, key)
);

-- By which way to whom: a member by mail, or an endpoint. `due_at` is when to try (again) while it waits; whoever tries
-- moves it first, so that two do not try at once.
CREATE TABLE notices.deliveries (
  organization_id uuid NOT NULL,
  delivery_id text NOT NULL,
  notice_id text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('mail', 'webhook')),
  recipient text NOT NULL,
  status text NOT NULL CHECK (status IN ('waiting', 'delivered', 'failed', 'obsolete')),
  attempts integer NOT NULL,
  due_at bigint NOT NULL,
  created_at bigint NOT NULL,
  ended_at bigint,
  -- Of the last attempt: the status a receiver answered, and why it failed.
  answered integer,
  error text,
  PRIMARY KEY (organization_id, delivery_id),
  UNIQUE (organization_id, notice_id, channel, recipient)
);
CREATE INDEX deliveries_due ON notices.deliveries (due_at) WHERE status = 'waiting';
CREATE INDEX deliveries_by_recipient ON notices.deliveries (organization_id, recipient, delivery_id DESC);

-- What of each counter was held and never reported.
CREATE TABLE notices.unreported (
  organization_id uuid NOT NULL,
  counter_key text NOT NULL,
  amount bigint NOT NULL,
  PRIMARY KEY (organization_id, counter_key)
);

-- What signs webhooks, sealed under a key that is not in the database.
CREATE TABLE notices.endpoint_secrets (
  organization_id uuid NOT NULL,
  secret_id text NOT NULL,
  endpoint_id text NOT NULL,
  sealed text NOT NULL,
  PRIMARY KEY (organization_id, secret_id)
);

-- Attempts in a row that failed; no row for an endpoint that answers.
CREATE TABLE notices.endpoint_failures (
  organization_id uuid NOT NULL,
  endpoint_id text NOT NULL,
  failures integer NOT NULL,
  since bigint NOT NULL,
  PRIMARY KEY (organization_id, endpoint_id)
);
