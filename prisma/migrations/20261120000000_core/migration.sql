-- Composed by prisma/build-migration.mjs from prisma/models and prisma/sql: change those, then run it again.

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "identity";

-- CreateTable
CREATE TABLE "identity"."operator_tokens" (
    "id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "label" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "operator_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."users" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "two_factor_enabled" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "token" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."accounts" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "provider_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "password" TEXT,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."verifications" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."two_factors" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "secret" TEXT NOT NULL,
    "backup_codes" TEXT NOT NULL,
    "verified" BOOLEAN NOT NULL DEFAULT true,
    "failed_verification_count" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),

    CONSTRAINT "two_factors_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."personal_tokens" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "prefix" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "rights" TEXT[],
    "organization_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "personal_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."attempts" (
    "key" BYTEA NOT NULL,
    "count" INTEGER NOT NULL,
    "resets_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "operator_tokens_hash_key" ON "identity"."operator_tokens"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "identity"."users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_token_key" ON "identity"."sessions"("token");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "identity"."sessions"("user_id");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "identity"."sessions"("expires_at");

-- CreateIndex
CREATE INDEX "accounts_user_id_idx" ON "identity"."accounts"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "accounts_provider_id_account_id_key" ON "identity"."accounts"("provider_id", "account_id");

-- CreateIndex
CREATE INDEX "verifications_identifier_idx" ON "identity"."verifications"("identifier");

-- CreateIndex
CREATE INDEX "verifications_value_idx" ON "identity"."verifications"("value");

-- CreateIndex
CREATE INDEX "verifications_expires_at_idx" ON "identity"."verifications"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "two_factors_user_id_key" ON "identity"."two_factors"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "personal_tokens_hash_key" ON "identity"."personal_tokens"("hash");

-- CreateIndex
CREATE INDEX "personal_tokens_user_id_idx" ON "identity"."personal_tokens"("user_id");

-- CreateIndex
CREATE INDEX "attempts_resets_at_idx" ON "identity"."attempts"("resets_at");

-- AddForeignKey
ALTER TABLE "identity"."sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "identity"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "identity"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."two_factors" ADD CONSTRAINT "two_factors_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "identity"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."personal_tokens" ADD CONSTRAINT "personal_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "identity"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- enforcement/schema.sql
-- What the next decision depends on: an inline projection of the ledger, updated in the same transaction as the events,
-- recomputable from them (`countersign state check` proves it).
CREATE SCHEMA enforcement;

-- ledger/schema.sql
-- The truth: one append-only Merkle log per organization. Nothing here is ever updated but heads, and only forwards.
CREATE SCHEMA ledger;

-- notices/schema.sql
-- What people and programs are told: an outbox that follows each ledger. Nothing is judged by it; deleted, it is told again
-- from the ledger, except for the secrets that sign.
CREATE SCHEMA notices;

-- enforcement/tables/approvals.sql
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

-- enforcement/tables/channels.sql
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

-- enforcement/tables/configuration.sql
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

-- enforcement/tables/money.sql
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

-- enforcement/tables/people.sql
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

-- ledger/tables/checkpoints.sql
-- Signed tree heads, in the C2SP tlog-checkpoint form, written after the commit they cover.
CREATE TABLE ledger.checkpoints (
  organization_id uuid NOT NULL,
  size bigint NOT NULL CHECK (size >= 0),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note text NOT NULL,
  signed_at bigint NOT NULL,
  PRIMARY KEY (organization_id, size)
);

-- ledger/tables/events.sql
-- Headers and commitments of every event; with the payload erased, still enough to recompute every proof.
CREATE TABLE ledger.events (
  organization_id uuid NOT NULL,
  position bigint NOT NULL CHECK (position >= 0),
  id uuid NOT NULL,
  stream text NOT NULL,
  stream_version integer NOT NULL CHECK (stream_version >= 1),
  type text NOT NULL,
  schema_version smallint NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  actor_method text NOT NULL,
  actor_credential text NOT NULL,
  recorded_at bigint NOT NULL,
  -- SHA-256 of the salt and the exact payload text.
  commitment bytea NOT NULL CHECK (octet_length(commitment) = 32),
  PRIMARY KEY (organization_id, position),
  UNIQUE (organization_id, stream, stream_version)
) PARTITION BY HASH (organization_id);

CREATE TABLE ledger.events_0 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 0);
CREATE TABLE ledger.events_1 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 1);
CREATE TABLE ledger.events_2 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 2);
CREATE TABLE ledger.events_3 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 3);
CREATE TABLE ledger.events_4 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 4);
CREATE TABLE ledger.events_5 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 5);
CREATE TABLE ledger.events_6 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 6);
CREATE TABLE ledger.events_7 PARTITION OF ledger.events FOR VALUES WITH (MODULUS 8, REMAINDER 7);

-- ledger/tables/heads.sql
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

-- ledger/tables/payloads.sql
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

-- ledger/tables/request_keys.sql
-- Which request was decided where, for ever: 128 bits of SHA-256 over the agent and its request id.
-- A table of its own, so that the promise outlives every retention rule.
CREATE TABLE ledger.request_keys (
  organization_id uuid NOT NULL,
  key uuid NOT NULL,
  position bigint NOT NULL,
  PRIMARY KEY (organization_id, key)
);

-- ledger/tables/tiles.sql
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

-- notices/tables/outbox.sql
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

-- enforcement/functions/cross_tenant.sql
-- The questions that must be asked before the tenant is known. Ids only, never content.
CREATE FUNCTION enforcement.authenticate_agent_key(key_hash text) RETURNS TABLE (organization_id uuid, key_id text, agent_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT k.organization_id, k.key_id, k.agent_id FROM enforcement.agent_keys k WHERE k.hash = key_hash
$$;

CREATE FUNCTION enforcement.organizations_due(at bigint, most integer) RETURNS TABLE (organization_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT h.organization_id FROM enforcement.holds h WHERE h.expires_at <= at LIMIT most
$$;

-- In the order of their ids, beginning after one: a stop may keep what looks due from being so, and must not hide others.
CREATE FUNCTION enforcement.organizations_waiting(at bigint, beyond uuid, most integer) RETURNS TABLE (organization_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.organization_id FROM enforcement.organizations o
   WHERE o.organization_id > beyond
     AND (EXISTS (SELECT FROM enforcement.approvals a
                   WHERE a.organization_id = o.organization_id AND a.status IN ('pending', 'approved') AND a.due_at <= at)
       OR EXISTS (SELECT FROM enforcement.grants g
                   WHERE g.organization_id = o.organization_id AND g.status = 'standing' AND g.expires_at <= at))
   ORDER BY o.organization_id LIMIT most
$$;

CREATE FUNCTION enforcement.organizations_all() RETURNS TABLE (organization_id uuid, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.organization_id, o.name FROM enforcement.organizations o ORDER BY o.name
$$;

-- The organizations a person belongs to.
CREATE FUNCTION enforcement.memberships_of(person text) RETURNS TABLE (organization_id uuid, member_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.organization_id, m.member_id FROM enforcement.members m WHERE m.user_id = person AND m.status = 'active'
$$;

-- Whoever holds the token of an invitation is told where it leads.
CREATE FUNCTION enforcement.organization_of_invitation(hash text) RETURNS TABLE (organization_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.organization_id FROM enforcement.invitations i WHERE i.token_hash = hash
$$;

-- ledger/functions/cross_tenant.sql
-- What the signer and the sweeps must ask across organizations. Ids and sizes only, never content.
-- In pages by id: ledgers that cannot be signed must not hide those that can.
CREATE FUNCTION ledger.organizations_unsigned(after uuid, most integer) RETURNS TABLE (organization_id uuid, size bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.organization_id, h.size FROM ledger.heads h
   WHERE h.size > 0 AND (after IS NULL OR h.organization_id > after) AND NOT EXISTS (
     SELECT FROM ledger.checkpoints c WHERE c.organization_id = h.organization_id AND c.size = h.size)
   ORDER BY h.organization_id LIMIT most
$$;

-- ledger/functions/erase.sql
-- Removes the payloads that one recorded PayloadErased event names, and no others: the event comes first, always.
-- Returns how many were still there. Commitments stay, so every proof keeps verifying.
CREATE FUNCTION ledger.erase(organization uuid, erasure bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  named bigint[];
  erased integer;
BEGIN
  IF organization IS DISTINCT FROM nullif(current_setting('countersign.tenant', true), '')::uuid THEN
    RAISE EXCEPTION 'ledger.erase is for the tenant of the transaction' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT array_agg(value::bigint) INTO named
    FROM ledger.events e
    JOIN ledger.payloads p USING (organization_id, position, recorded_at),
    LATERAL jsonb_array_elements_text(p.payload::jsonb -> 'positions')
   WHERE e.organization_id = organization AND e.position = erasure
     AND e.type = 'PayloadErased' AND e.stream = 'ledger-' || organization;
  IF named IS NULL THEN
    RAISE EXCEPTION 'position % holds no PayloadErased event', erasure USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT FROM ledger.events e
     WHERE e.organization_id = organization AND e.position = ANY (named) AND e.stream = 'ledger-' || organization
  ) THEN
    RAISE EXCEPTION 'the ledger''s own events can never be erased' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM set_config('countersign.erasure', erasure::text, true);
  DELETE FROM ledger.payloads
   WHERE organization_id = organization AND position = ANY (named) AND position < erasure;
  GET DIAGNOSTICS erased = ROW_COUNT;
  PERFORM set_config('countersign.erasure', '', true);
  RETURN erased;
END $$;

-- ledger/functions/prepare_payload_month.sql
-- Makes the partition of the month that holds an instant (milliseconds). Idempotent; run ahead of time by the worker.
-- A month whose rows already landed in the default partition stays there: moving them would lock out appends.
CREATE FUNCTION ledger.prepare_payload_month(at bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  month_start timestamptz := date_trunc('month', to_timestamp(at / 1000.0) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  month_end timestamptz := (date_trunc('month', to_timestamp(at / 1000.0) AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
  name text := 'payloads_' || to_char(month_start AT TIME ZONE 'UTC', 'YYYY_MM');
  from_ms bigint := (extract(epoch FROM month_start) * 1000)::bigint;
  to_ms bigint := (extract(epoch FROM month_end) * 1000)::bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.prepare_payload_month'));
  IF to_regclass('ledger.' || name) IS NOT NULL THEN RETURN; END IF;
  IF EXISTS (SELECT FROM ledger.payloads_other WHERE recorded_at >= from_ms AND recorded_at < to_ms) THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE ledger.%I PARTITION OF ledger.payloads FOR VALUES FROM (%s) TO (%s) WITH (toast_tuple_target = 8160)', name, from_ms, to_ms);
  EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE TRIGGER part_through_parent BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()', name);
END $$;

-- notices/functions/cross_tenant.sql
-- What the worker must ask across organizations. Ids only, never content.
-- Ledgers with events that were not read, or whose checkpoint of the day was not told. In pages by id.
CREATE FUNCTION notices.organizations_behind(day text, beyond uuid, most integer) RETURNS TABLE (organization_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.organization_id FROM ledger.heads h
    LEFT JOIN notices.followed f ON f.organization_id = h.organization_id
   WHERE h.organization_id > beyond AND h.size > 0
     AND (f.organization_id IS NULL OR f.position < h.size OR f.checkpoint_day < day)
   ORDER BY h.organization_id LIMIT most
$$;

CREATE FUNCTION notices.deliveries_due(at bigint, most integer) RETURNS TABLE (organization_id uuid, delivery_id text, attempts integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.organization_id, d.delivery_id, d.attempts FROM notices.deliveries d
   WHERE d.status = 'waiting' AND d.due_at <= at ORDER BY d.due_at LIMIT most
$$;

-- ledger/triggers/append_only.sql
-- INVARIANT: what was recorded stays as it was. Privileges already refuse the app role; this refuses the owner too.
CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% on %.% is refused: the ledger is append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.events FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER payloads_unchanged BEFORE UPDATE OR TRUNCATE ON ledger.payloads FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER tiles_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.tiles FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER nodes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.nodes FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.checkpoints FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER request_keys_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.request_keys FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Statements that name a partition pass its parent's triggers and policies by, so a partition lets nobody write to it
-- directly, nor read; rows reach it through the parent, whose statements do not fire these. `ledger.prepare_payload_month`
-- guards the months it makes in the same way.
DO $$
DECLARE part regclass;
BEGIN
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent IN ('ledger.events'::regclass, 'ledger.payloads'::regclass) LOOP
    EXECUTE format('CREATE TRIGGER part_through_parent BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()', part);
  END LOOP;
END $$;

-- ledger/triggers/events_gapless.sql
-- INVARIANT: positions are gapless within an organization, whoever inserts and however.
-- One statement-level trigger with a transition table: a trigger per row was 5 to 20 times slower. The event before is
-- asked for in an order that the primary key alone gives: a plan kept from when the ledger was small could else walk the
-- index of streams through the whole organization, 10 ms a batch at 20,000 events and growing.
CREATE FUNCTION ledger.refuse_gaps() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  run record;
  before bigint;
BEGIN
  FOR run IN SELECT organization_id, min(position) AS first, max(position) AS last, count(*) AS n FROM added GROUP BY organization_id LOOP
    IF run.last - run.first + 1 <> run.n THEN
      RAISE EXCEPTION 'ledger positions must be gapless' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    CONTINUE WHEN run.first = 0;
    SELECT e.position INTO before FROM ledger.events e
     WHERE e.organization_id = run.organization_id AND e.position >= run.first - 1 ORDER BY e.position LIMIT 1;
    IF before IS DISTINCT FROM run.first - 1 THEN
      RAISE EXCEPTION 'ledger positions must be gapless' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE TRIGGER events_gapless AFTER INSERT ON ledger.events
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_gaps();

-- ledger/triggers/heads_forward.sql
-- INVARIANT: a head only moves forwards, in size and in time, and never disappears.
CREATE FUNCTION ledger.refuse_backwards() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.organization_id <> OLD.organization_id OR NEW.size < OLD.size OR NEW.recorded_at < OLD.recorded_at OR NEW.epoch < OLD.epoch
     OR (NEW.size = OLD.size AND NEW.root <> OLD.root) THEN
    RAISE EXCEPTION 'the head of a ledger only moves forwards' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER heads_forward BEFORE UPDATE ON ledger.heads FOR EACH ROW EXECUTE FUNCTION ledger.refuse_backwards();
CREATE TRIGGER heads_kept BEFORE DELETE OR TRUNCATE ON ledger.heads FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- A head begins with nothing: one that was put there with a size would stand for events that nobody recorded.
CREATE FUNCTION ledger.refuse_begun() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.size <> 0 OR NEW.epoch <> -1 THEN
    RAISE EXCEPTION 'the head of a ledger begins at size 0' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER heads_begin BEFORE INSERT ON ledger.heads FOR EACH ROW EXECUTE FUNCTION ledger.refuse_begun();

-- ledger/triggers/payloads_erased.sql
-- INVARIANT: a payload goes only when a recorded PayloadErased names its position; `ledger.erase` says which event that
-- is. So the owner, too, can remove nothing that the ledger does not tell of. Retention drops whole partitions instead.
CREATE FUNCTION ledger.refuse_unrecorded_erasure() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  erasure bigint := nullif(current_setting('countersign.erasure', true), '')::bigint;
BEGIN
  IF EXISTS (
    SELECT organization_id, position FROM removed
    EXCEPT
    SELECT e.organization_id, value::bigint
      FROM ledger.events e
      JOIN ledger.payloads p USING (organization_id, position, recorded_at),
      LATERAL jsonb_array_elements_text(p.payload::jsonb -> 'positions')
     WHERE e.organization_id IN (SELECT organization_id FROM removed) AND e.position = erasure
       AND e.type = 'PayloadErased' AND e.stream = 'ledger-' || e.organization_id
  ) THEN
    RAISE EXCEPTION 'DELETE on ledger.payloads is refused: no recorded PayloadErased names what it removes'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER payloads_erased AFTER DELETE ON ledger.payloads
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_unrecorded_erasure();

-- enforcement/policies/tenant.sql
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['organizations', 'teams', 'agents', 'agent_keys', 'policies', 'attachments', 'agent_key_uses',
                           'budget_counters', 'holds', 'rate_windows', 'members', 'invitations', 'stops', 'lifted_stops',
                           'approvals', 'grants', 'publications', 'endpoints', 'notice_choices'] LOOP
    EXECUTE format('ALTER TABLE enforcement.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE enforcement.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format($policy$CREATE POLICY tenant ON enforcement.%I
      USING (organization_id = (SELECT nullif(current_setting('countersign.tenant', true), '')::uuid))$policy$, t);
  END LOOP;
END $$;

-- For the owner's SECURITY DEFINER functions, which return ids.
CREATE POLICY crossing ON enforcement.agent_keys FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.holds FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.approvals FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.grants FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.organizations FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.members FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.invitations FOR SELECT TO CURRENT_USER USING (true);

-- ledger/policies/tenant.sql
-- Tenants are apart even where our code is wrong. FORCE, so that the owner is bound as well; the two policies for the
-- owner are what its SECURITY DEFINER functions need, and no more. Partitions are reached through their parents only.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['heads', 'events', 'payloads', 'tiles', 'nodes', 'checkpoints', 'request_keys'] LOOP
    EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format($policy$CREATE POLICY tenant ON ledger.%I
      USING (organization_id = (SELECT nullif(current_setting('countersign.tenant', true), '')::uuid))$policy$, t);
  END LOOP;
END $$;

-- Partitions have no policy at all: named directly, they show nobody anything.
DO $$
DECLARE part regclass;
BEGIN
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent IN ('ledger.events'::regclass, 'ledger.payloads'::regclass) LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', part);
  END LOOP;
END $$;

-- For `ledger.prepare_payload_month`, which must know whether a month has begun in the default partition.
CREATE POLICY crossing ON ledger.payloads_other FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON ledger.heads FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON ledger.checkpoints FOR SELECT TO CURRENT_USER USING (true);

-- notices/policies/tenant.sql
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['followed', 'notices', 'deliveries', 'unreported', 'endpoint_secrets', 'endpoint_failures'] LOOP
    EXECUTE format('ALTER TABLE notices.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE notices.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format($policy$CREATE POLICY tenant ON notices.%I
      USING (organization_id = (SELECT nullif(current_setting('countersign.tenant', true), '')::uuid))$policy$, t);
  END LOOP;
END $$;

-- For the owner's SECURITY DEFINER functions, which return ids.
CREATE POLICY crossing ON notices.followed FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON notices.deliveries FOR SELECT TO CURRENT_USER USING (true);

-- enforcement/privileges/app.sql
GRANT USAGE ON SCHEMA enforcement TO countersign_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA enforcement TO countersign_app;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA enforcement FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA enforcement TO countersign_app;

-- identity/privileges/app.sql
-- Who someone is. Prisma made the tables; the app may use them and not change their shape. What ends by being marked
-- (tokens) is not deleted by the app, so that who issued and revoked it stays known.
GRANT USAGE ON SCHEMA identity TO countersign_app;
GRANT SELECT, INSERT, UPDATE, DELETE
  ON identity.users, identity.sessions, identity.accounts, identity.verifications, identity.two_factors,
     identity.attempts
  TO countersign_app;
GRANT SELECT, INSERT, UPDATE ON identity.operator_tokens, identity.personal_tokens TO countersign_app;

-- ledger/privileges/app.sql
-- The app may add to the ledger and read it. It may move a head forwards. It may change or remove nothing else.
GRANT USAGE ON SCHEMA ledger TO countersign_app;
GRANT SELECT, INSERT ON ledger.events, ledger.payloads, ledger.tiles, ledger.nodes, ledger.checkpoints, ledger.request_keys TO countersign_app;
GRANT SELECT, INSERT, UPDATE ON ledger.heads TO countersign_app;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.erase(uuid, bigint), ledger.prepare_payload_month(bigint), ledger.organizations_unsigned(uuid, integer) TO countersign_app;

-- notices/privileges/app.sql
GRANT USAGE ON SCHEMA notices TO countersign_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA notices TO countersign_app;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA notices FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA notices TO countersign_app;
