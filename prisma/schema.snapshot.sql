schema enforcement

schema identity

schema ledger

schema notices

table enforcement.agent_key_uses (
  key_id text not null,
  last_used_at bigint not null,
  organization_id uuid not null
)
  row level security, forced

table enforcement.agent_keys (
  agent_id text not null,
  details text not null,
  hash text not null,
  key_id text not null,
  organization_id uuid not null
)
  row level security, forced

table enforcement.agents (
  agent_id text not null,
  details text not null,
  name text not null,
  organization_id uuid not null,
  team_id text not null
)
  row level security, forced

table enforcement.approvals (
  agent_id text not null,
  approval_id text not null,
  details text not null,
  due_at bigint not null,
  expires_at bigint not null,
  organization_id uuid not null,
  status text not null
)
  row level security, forced

table enforcement.attachments (
  layer text not null,
  organization_id uuid not null,
  point text not null,
  policy text not null
)
  row level security, forced

table enforcement.budget_counters (
  held bigint not null,
  key text not null,
  organization_id uuid not null,
  spent bigint not null
)
  with (autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=1000, fillfactor=50)
  row level security, forced

table enforcement.endpoints (
  details text not null,
  endpoint_id text not null,
  organization_id uuid not null
)
  row level security, forced

table enforcement.grants (
  agent_id text not null,
  details text not null,
  expires_at bigint not null,
  grant_id text not null,
  organization_id uuid not null,
  status text not null
)
  row level security, forced

table enforcement.holds (
  decision_id text not null,
  entries text not null,
  expires_at bigint not null,
  organization_id uuid not null
)
  with (autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=2000)
  row level security, forced

table enforcement.invitations (
  details text not null,
  invitation_id text not null,
  organization_id uuid not null,
  token_hash text not null
)
  row level security, forced

table enforcement.lifted_stops (
  details text not null,
  lifted_at bigint not null,
  organization_id uuid not null,
  stop_id text not null
)
  row level security, forced

table enforcement.members (
  details text not null,
  member_id text not null,
  organization_id uuid not null,
  status text not null,
  user_id text not null
)
  row level security, forced

table enforcement.notice_choices (
  details text not null,
  member_id text not null,
  organization_id uuid not null
)
  row level security, forced

table enforcement.organizations (
  details text not null,
  name text not null,
  organization_id uuid not null,
  self text not null
)
  row level security, forced

table enforcement.policies (
  document text not null,
  name text not null,
  organization_id uuid not null,
  version integer not null
)
  row level security, forced

table enforcement.publications (
  details text not null,
  organization_id uuid not null,
  publication_id text not null
)
  row level security, forced

table enforcement.rate_windows (
  entries text not null,
  key text not null,
  organization_id uuid not null
)
  with (autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=1000, fillfactor=50)
  row level security, forced

table enforcement.stops (
  details text not null,
  organization_id uuid not null,
  stop_id text not null
)
  row level security, forced

table enforcement.teams (
  name text not null,
  organization_id uuid not null,
  team_id text not null
)
  row level security, forced

table identity.accounts (
  access_token text,
  access_token_expires_at timestamp(3) with time zone,
  account_id text not null,
  created_at timestamp(3) with time zone not null default CURRENT_TIMESTAMP,
  id uuid not null,
  id_token text,
  password text,
  provider_id text not null,
  refresh_token text,
  refresh_token_expires_at timestamp(3) with time zone,
  scope text,
  updated_at timestamp(3) with time zone not null,
  user_id uuid not null
)

table identity.attempts (
  count integer not null,
  key bytea not null,
  resets_at timestamp(3) with time zone not null
)

table identity.operator_tokens (
  created_at timestamp(3) with time zone not null default CURRENT_TIMESTAMP,
  hash bytea not null,
  id uuid not null,
  label text not null,
  revoked_at timestamp(3) with time zone
)

table identity.personal_tokens (
  created_at timestamp(3) with time zone not null default CURRENT_TIMESTAMP,
  expires_at timestamp(3) with time zone not null,
  hash bytea not null,
  id uuid not null,
  last_used_at timestamp(3) with time zone,
  name text not null,
  organization_id text,
  prefix text not null,
  revoked_at timestamp(3) with time zone,
  rights text[],
  user_id uuid not null
)

table identity.sessions (
  created_at timestamp(3) with time zone not null default CURRENT_TIMESTAMP,
  expires_at timestamp(3) with time zone not null,
  id uuid not null,
  ip_address text,
  method text not null,
  token text not null,
  updated_at timestamp(3) with time zone not null,
  user_agent text,
  user_id uuid not null
)

table identity.two_factors (
  backup_codes text not null,
  failed_verification_count integer not null default 0,
  id uuid not null,
  locked_until timestamp(3) with time zone,
  secret text not null,
  user_id uuid not null,
  verified boolean not null default true
)

table identity.users (
  created_at timestamp(3) with time zone not null default CURRENT_TIMESTAMP,
  email text not null,
  email_verified boolean not null default false,
  id uuid not null,
  image text,
  name text not null,
  two_factor_enabled boolean not null default false,
  updated_at timestamp(3) with time zone not null
)

table identity.verifications (
  created_at timestamp(3) with time zone not null default CURRENT_TIMESTAMP,
  expires_at timestamp(3) with time zone not null,
  id text not null,
  identifier text not null,
  updated_at timestamp(3) with time zone not null,
  value text not null
)

table ledger.checkpoints (
  note text not null,
  organization_id uuid not null,
  root bytea not null,
  signed_at bigint not null,
  size bigint not null
)
  row level security, forced

table ledger.events (
  actor_credential text not null,
  actor_id text not null,
  actor_kind text not null,
  actor_method text not null,
  commitment bytea not null,
  id uuid not null,
  organization_id uuid not null,
  "position" bigint not null,
  recorded_at bigint not null,
  schema_version smallint not null,
  stream text not null,
  stream_version integer not null,
  type text not null
)
  partition by HASH (organization_id)
  row level security, forced

table ledger.heads (
  epoch bigint not null,
  frontier bytea not null,
  organization_id uuid not null,
  recorded_at bigint not null,
  root bytea not null,
  size bigint not null
)
  with (autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=2000, fillfactor=50)
  row level security, forced

table ledger.nodes (
  hash bytea not null,
  index bigint not null,
  level smallint not null,
  organization_id uuid not null
)
  row level security, forced

table ledger.payloads (
  organization_id uuid not null,
  payload text not null,
  "position" bigint not null,
  recorded_at bigint not null,
  salt bytea not null
)
  partition by RANGE (recorded_at)
  row level security, forced

table ledger.request_keys (
  key uuid not null,
  organization_id uuid not null,
  "position" bigint not null
)
  row level security, forced

table ledger.tiles (
  leaves bytea not null,
  organization_id uuid not null,
  tile bigint not null
)
  row level security, forced

table notices.deliveries (
  answered integer,
  attempts integer not null,
  channel text not null,
  created_at bigint not null,
  delivery_id text not null,
  due_at bigint not null,
  ended_at bigint,
  error text,
  notice_id text not null,
  organization_id uuid not null,
  recipient text not null,
  status text not null
)
  row level security, forced

table notices.endpoint_failures (
  endpoint_id text not null,
  failures integer not null,
  organization_id uuid not null,
  since bigint not null
)
  row level security, forced

table notices.endpoint_secrets (
  endpoint_id text not null,
  organization_id uuid not null,
  sealed text not null,
  secret_id text not null
)
  row level security, forced

table notices.followed (
  checkpoint_day text not null,
  organization_id uuid not null,
  "position" bigint not null
)
  row level security, forced

table notices.notices (
  approval_id text,
  at bigint not null,
  content text not null,
  key text not null,
  kind text not null,
  notice_id text not null,
  only_while text,
  organization_id uuid not null
)
  row level security, forced

table notices.unreported (
  amount bigint not null,
  counter_key text not null,
  organization_id uuid not null
)
  row level security, forced

partition ledger.events_0 of ledger.events FOR VALUES WITH (modulus 8, remainder 0)

partition ledger.events_1 of ledger.events FOR VALUES WITH (modulus 8, remainder 1)

partition ledger.events_2 of ledger.events FOR VALUES WITH (modulus 8, remainder 2)

partition ledger.events_3 of ledger.events FOR VALUES WITH (modulus 8, remainder 3)

partition ledger.events_4 of ledger.events FOR VALUES WITH (modulus 8, remainder 4)

partition ledger.events_5 of ledger.events FOR VALUES WITH (modulus 8, remainder 5)

partition ledger.events_6 of ledger.events FOR VALUES WITH (modulus 8, remainder 6)

partition ledger.events_7 of ledger.events FOR VALUES WITH (modulus 8, remainder 7)

partition ledger.payloads_other of ledger.payloads DEFAULT

constraint accounts_pkey on identity.accounts PRIMARY KEY (id)

constraint accounts_user_id_fkey on identity.accounts FOREIGN KEY (user_id) REFERENCES identity.users(id) ON UPDATE CASCADE ON DELETE CASCADE

constraint agent_key_uses_pkey on enforcement.agent_key_uses PRIMARY KEY (organization_id, key_id)

constraint agent_keys_hash_key on enforcement.agent_keys UNIQUE (hash)

constraint agent_keys_pkey on enforcement.agent_keys PRIMARY KEY (organization_id, key_id)

constraint agents_pkey on enforcement.agents PRIMARY KEY (organization_id, agent_id)

constraint approvals_pkey on enforcement.approvals PRIMARY KEY (organization_id, approval_id)

constraint attachments_pkey on enforcement.attachments PRIMARY KEY (organization_id, policy, layer, point)

constraint attempts_pkey on identity.attempts PRIMARY KEY (key)

constraint budget_counters_held_check on enforcement.budget_counters CHECK ((held >= 0))

constraint budget_counters_pkey on enforcement.budget_counters PRIMARY KEY (organization_id, key)

constraint checkpoints_pkey on ledger.checkpoints PRIMARY KEY (organization_id, size)

constraint checkpoints_root_check on ledger.checkpoints CHECK ((octet_length(root) = 32))

constraint checkpoints_size_check on ledger.checkpoints CHECK ((size >= 0))

constraint deliveries_channel_check on notices.deliveries CHECK ((channel = ANY (ARRAY['mail'::text, 'webhook'::text])))

constraint deliveries_organization_id_notice_id_channel_recipient_key on notices.deliveries UNIQUE (organization_id, notice_id, channel, recipient)

constraint deliveries_pkey on notices.deliveries PRIMARY KEY (organization_id, delivery_id)

constraint deliveries_status_check on notices.deliveries CHECK ((status = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text, 'obsolete'::text])))

constraint endpoint_failures_pkey on notices.endpoint_failures PRIMARY KEY (organization_id, endpoint_id)

constraint endpoint_secrets_pkey on notices.endpoint_secrets PRIMARY KEY (organization_id, secret_id)

constraint endpoints_pkey on enforcement.endpoints PRIMARY KEY (organization_id, endpoint_id)

constraint events_commitment_check on ledger.events CHECK ((octet_length(commitment) = 32))

constraint events_organization_id_stream_stream_version_key on ledger.events UNIQUE (organization_id, stream, stream_version)

constraint events_pkey on ledger.events PRIMARY KEY (organization_id, "position")

constraint events_position_check on ledger.events CHECK (("position" >= 0))

constraint events_stream_version_check on ledger.events CHECK ((stream_version >= 1))

constraint followed_pkey on notices.followed PRIMARY KEY (organization_id)

constraint followed_position_check on notices.followed CHECK (("position" >= 0))

constraint grants_pkey on enforcement.grants PRIMARY KEY (organization_id, grant_id)

constraint heads_epoch_check on ledger.heads CHECK ((epoch >= '-1'::integer))

constraint heads_pkey on ledger.heads PRIMARY KEY (organization_id)

constraint heads_root_check on ledger.heads CHECK ((octet_length(root) = 32))

constraint heads_size_check on ledger.heads CHECK ((size >= 0))

constraint holds_pkey on enforcement.holds PRIMARY KEY (organization_id, decision_id)

constraint invitations_pkey on enforcement.invitations PRIMARY KEY (organization_id, invitation_id)

constraint invitations_token_hash_key on enforcement.invitations UNIQUE (token_hash)

constraint lifted_stops_pkey on enforcement.lifted_stops PRIMARY KEY (organization_id, stop_id)

constraint members_organization_id_user_id_key on enforcement.members UNIQUE (organization_id, user_id)

constraint members_pkey on enforcement.members PRIMARY KEY (organization_id, member_id)

constraint nodes_hash_check on ledger.nodes CHECK ((octet_length(hash) = 32))

constraint nodes_index_check on ledger.nodes CHECK ((index >= 0))

constraint nodes_level_check on ledger.nodes CHECK ((level >= 8))

constraint nodes_pkey on ledger.nodes PRIMARY KEY (organization_id, level, index)

constraint notice_choices_pkey on enforcement.notice_choices PRIMARY KEY (organization_id, member_id)

constraint notices_organization_id_key_key on notices.notices UNIQUE (organization_id, key)

constraint notices_pkey on notices.notices PRIMARY KEY (organization_id, notice_id)

constraint operator_tokens_pkey on identity.operator_tokens PRIMARY KEY (id)

constraint organizations_name_key on enforcement.organizations UNIQUE (name)

constraint organizations_pkey on enforcement.organizations PRIMARY KEY (organization_id, self)

constraint organizations_self_check on enforcement.organizations CHECK ((self = 'self'::text))

constraint payloads_pkey on ledger.payloads PRIMARY KEY (organization_id, "position", recorded_at)

constraint payloads_salt_check on ledger.payloads CHECK ((octet_length(salt) = 32))

constraint personal_tokens_pkey on identity.personal_tokens PRIMARY KEY (id)

constraint personal_tokens_user_id_fkey on identity.personal_tokens FOREIGN KEY (user_id) REFERENCES identity.users(id) ON UPDATE CASCADE ON DELETE CASCADE

constraint policies_pkey on enforcement.policies PRIMARY KEY (organization_id, name)

constraint publications_pkey on enforcement.publications PRIMARY KEY (organization_id, publication_id)

constraint rate_windows_pkey on enforcement.rate_windows PRIMARY KEY (organization_id, key)

constraint request_keys_pkey on ledger.request_keys PRIMARY KEY (organization_id, key)

constraint sessions_pkey on identity.sessions PRIMARY KEY (id)

constraint sessions_user_id_fkey on identity.sessions FOREIGN KEY (user_id) REFERENCES identity.users(id) ON UPDATE CASCADE ON DELETE CASCADE

constraint stops_pkey on enforcement.stops PRIMARY KEY (organization_id, stop_id)

constraint teams_pkey on enforcement.teams PRIMARY KEY (organization_id, team_id)

constraint tiles_leaves_check on ledger.tiles CHECK ((octet_length(leaves) = 8192))

constraint tiles_pkey on ledger.tiles PRIMARY KEY (organization_id, tile)

constraint tiles_tile_check on ledger.tiles CHECK ((tile >= 0))

constraint two_factors_pkey on identity.two_factors PRIMARY KEY (id)

constraint two_factors_user_id_fkey on identity.two_factors FOREIGN KEY (user_id) REFERENCES identity.users(id) ON UPDATE CASCADE ON DELETE CASCADE

constraint unreported_pkey on notices.unreported PRIMARY KEY (organization_id, counter_key)

constraint users_pkey on identity.users PRIMARY KEY (id)

constraint verifications_pkey on identity.verifications PRIMARY KEY (id)

CREATE INDEX accounts_user_id_idx ON identity.accounts USING btree (user_id)

CREATE INDEX approvals_due ON enforcement.approvals USING btree (organization_id, due_at, approval_id) WHERE (status = ANY (ARRAY['pending'::text, 'approved'::text]))

CREATE INDEX approvals_of_agent ON enforcement.approvals USING btree (organization_id, agent_id, approval_id)

CREATE INDEX approvals_open ON enforcement.approvals USING btree (organization_id, agent_id) WHERE (status = ANY (ARRAY['pending'::text, 'approved'::text]))

CREATE INDEX approvals_waiting ON enforcement.approvals USING btree (organization_id, expires_at, approval_id) WHERE (status = 'pending'::text)

CREATE INDEX attempts_resets_at_idx ON identity.attempts USING btree (resets_at)

CREATE INDEX deliveries_by_recipient ON notices.deliveries USING btree (organization_id, recipient, delivery_id DESC)

CREATE INDEX deliveries_due ON notices.deliveries USING btree (due_at) WHERE (status = 'waiting'::text)

CREATE INDEX grants_due ON enforcement.grants USING btree (organization_id, expires_at) WHERE (status = 'standing'::text)

CREATE INDEX grants_standing ON enforcement.grants USING btree (organization_id, agent_id) WHERE (status = 'standing'::text)

CREATE INDEX holds_due ON enforcement.holds USING btree (organization_id, expires_at)

CREATE INDEX lifted_stops_by_time ON enforcement.lifted_stops USING btree (organization_id, lifted_at)

CREATE INDEX members_by_user ON enforcement.members USING btree (user_id)

CREATE INDEX personal_tokens_user_id_idx ON identity.personal_tokens USING btree (user_id)

CREATE INDEX sessions_expires_at_idx ON identity.sessions USING btree (expires_at)

CREATE INDEX sessions_user_id_idx ON identity.sessions USING btree (user_id)

CREATE INDEX verifications_expires_at_idx ON identity.verifications USING btree (expires_at)

CREATE INDEX verifications_identifier_idx ON identity.verifications USING btree (identifier)

CREATE INDEX verifications_value_idx ON identity.verifications USING btree (value)

CREATE UNIQUE INDEX accounts_provider_id_account_id_key ON identity.accounts USING btree (provider_id, account_id)

CREATE UNIQUE INDEX operator_tokens_hash_key ON identity.operator_tokens USING btree (hash)

CREATE UNIQUE INDEX personal_tokens_hash_key ON identity.personal_tokens USING btree (hash)

CREATE UNIQUE INDEX sessions_token_key ON identity.sessions USING btree (token)

CREATE UNIQUE INDEX two_factors_user_id_key ON identity.two_factors USING btree (user_id)

CREATE UNIQUE INDEX users_email_key ON identity.users USING btree (email)

CREATE OR REPLACE FUNCTION enforcement.authenticate_agent_key(key_hash text)
 RETURNS TABLE(organization_id uuid, key_id text, agent_id text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT k.organization_id, k.key_id, k.agent_id FROM enforcement.agent_keys k WHERE k.hash = key_hash
$function$

CREATE OR REPLACE FUNCTION enforcement.memberships_of(person text)
 RETURNS TABLE(organization_id uuid, member_id text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT m.organization_id, m.member_id FROM enforcement.members m WHERE m.user_id = person AND m.status = 'active'
$function$

CREATE OR REPLACE FUNCTION enforcement.organization_of_invitation(hash text)
 RETURNS TABLE(organization_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT i.organization_id FROM enforcement.invitations i WHERE i.token_hash = hash
$function$

CREATE OR REPLACE FUNCTION enforcement.organizations_all()
 RETURNS TABLE(organization_id uuid, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT o.organization_id, o.name FROM enforcement.organizations o ORDER BY o.name
$function$

CREATE OR REPLACE FUNCTION enforcement.organizations_due(at bigint, most integer)
 RETURNS TABLE(organization_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT DISTINCT h.organization_id FROM enforcement.holds h WHERE h.expires_at <= at LIMIT most
$function$

CREATE OR REPLACE FUNCTION enforcement.organizations_waiting(at bigint, beyond uuid, most integer)
 RETURNS TABLE(organization_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT o.organization_id FROM enforcement.organizations o
   WHERE o.organization_id > beyond
     AND (EXISTS (SELECT FROM enforcement.approvals a
                   WHERE a.organization_id = o.organization_id AND a.status IN ('pending', 'approved') AND a.due_at <= at)
       OR EXISTS (SELECT FROM enforcement.grants g
                   WHERE g.organization_id = o.organization_id AND g.status = 'standing' AND g.expires_at <= at))
   ORDER BY o.organization_id LIMIT most
$function$

CREATE OR REPLACE FUNCTION ledger.erase(organization uuid, erasure bigint)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
END $function$

CREATE OR REPLACE FUNCTION ledger.organizations_unsigned(after uuid, most integer)
 RETURNS TABLE(organization_id uuid, size bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT h.organization_id, h.size FROM ledger.heads h
   WHERE h.size > 0 AND (after IS NULL OR h.organization_id > after) AND NOT EXISTS (
     SELECT FROM ledger.checkpoints c WHERE c.organization_id = h.organization_id AND c.size = h.size)
   ORDER BY h.organization_id LIMIT most
$function$

CREATE OR REPLACE FUNCTION ledger.prepare_payload_month(at bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
END $function$

CREATE OR REPLACE FUNCTION ledger.refuse_backwards()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF NEW.organization_id <> OLD.organization_id OR NEW.size < OLD.size OR NEW.recorded_at < OLD.recorded_at OR NEW.epoch < OLD.epoch
     OR (NEW.size = OLD.size AND NEW.root <> OLD.root) THEN
    RAISE EXCEPTION 'the head of a ledger only moves forwards' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $function$

CREATE OR REPLACE FUNCTION ledger.refuse_begun()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  IF NEW.size <> 0 OR NEW.epoch <> -1 THEN
    RAISE EXCEPTION 'the head of a ledger begins at size 0' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $function$

CREATE OR REPLACE FUNCTION ledger.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
BEGIN
  RAISE EXCEPTION '% on %.% is refused: the ledger is append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $function$

CREATE OR REPLACE FUNCTION ledger.refuse_gaps()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
END $function$

CREATE OR REPLACE FUNCTION ledger.refuse_unrecorded_erasure()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
END $function$

CREATE OR REPLACE FUNCTION notices.deliveries_due(at bigint, most integer)
 RETURNS TABLE(organization_id uuid, delivery_id text, attempts integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT d.organization_id, d.delivery_id, d.attempts FROM notices.deliveries d
   WHERE d.status = 'waiting' AND d.due_at <= at ORDER BY d.due_at LIMIT most
$function$

CREATE OR REPLACE FUNCTION notices.organizations_behind(day text, beyond uuid, most integer)
 RETURNS TABLE(organization_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT h.organization_id FROM ledger.heads h
    LEFT JOIN notices.followed f ON f.organization_id = h.organization_id
   WHERE h.organization_id > beyond AND h.size > 0
     AND (f.organization_id IS NULL OR f.position < h.size OR f.checkpoint_day < day)
   ORDER BY h.organization_id LIMIT most
$function$

CREATE TRIGGER checkpoints_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.checkpoints FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER events_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.events FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER events_gapless AFTER INSERT ON ledger.events REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_gaps()

CREATE TRIGGER heads_begin BEFORE INSERT ON ledger.heads FOR EACH ROW EXECUTE FUNCTION ledger.refuse_begun()

CREATE TRIGGER heads_forward BEFORE UPDATE ON ledger.heads FOR EACH ROW EXECUTE FUNCTION ledger.refuse_backwards()

CREATE TRIGGER heads_kept BEFORE DELETE OR TRUNCATE ON ledger.heads FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER nodes_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.nodes FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER part_through_parent BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.events_0 FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER part_through_parent BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.events_1 FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER part_through_parent BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.events_2 FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER part_through_parent BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.events_3 FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER part_through_parent BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.events_4 FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER part_through_parent BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.events_5 FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER part_through_parent BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.events_6 FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER part_through_parent BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.events_7 FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER part_through_parent BEFORE INSERT OR DELETE OR UPDATE OR TRUNCATE ON ledger.payloads_other FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER payloads_erased AFTER DELETE ON ledger.payloads REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_unrecorded_erasure()

CREATE TRIGGER payloads_unchanged BEFORE UPDATE OR TRUNCATE ON ledger.payloads FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER request_keys_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.request_keys FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

CREATE TRIGGER tiles_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.tiles FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()

policy crossing on enforcement.agent_keys for select to <owner> using (true)

policy crossing on enforcement.approvals for select to <owner> using (true)

policy crossing on enforcement.grants for select to <owner> using (true)

policy crossing on enforcement.holds for select to <owner> using (true)

policy crossing on enforcement.invitations for select to <owner> using (true)

policy crossing on enforcement.members for select to <owner> using (true)

policy crossing on enforcement.organizations for select to <owner> using (true)

policy crossing on ledger.checkpoints for select to <owner> using (true)

policy crossing on ledger.heads for select to <owner> using (true)

policy crossing on ledger.payloads_other for select to <owner> using (true)

policy crossing on notices.deliveries for select to <owner> using (true)

policy crossing on notices.followed for select to <owner> using (true)

policy tenant on enforcement.agent_key_uses for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.agent_keys for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.agents for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.approvals for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.attachments for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.budget_counters for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.endpoints for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.grants for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.holds for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.invitations for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.lifted_stops for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.members for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.notice_choices for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.organizations for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.policies for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.publications for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.rate_windows for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.stops for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.teams for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.checkpoints for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.events for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.heads for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.nodes for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.payloads for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.request_keys for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.tiles for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on notices.deliveries for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on notices.endpoint_failures for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on notices.endpoint_secrets for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on notices.followed for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on notices.notices for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on notices.unreported for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

on enforcement.agent_key_uses may countersign_app delete, insert, select, update

on enforcement.agent_keys may countersign_app delete, insert, select, update

on enforcement.agents may countersign_app delete, insert, select, update

on enforcement.approvals may countersign_app delete, insert, select, update

on enforcement.attachments may countersign_app delete, insert, select, update

on enforcement.authenticate_agent_key(text) may countersign_app execute

on enforcement.budget_counters may countersign_app delete, insert, select, update

on enforcement.endpoints may countersign_app delete, insert, select, update

on enforcement.grants may countersign_app delete, insert, select, update

on enforcement.holds may countersign_app delete, insert, select, update

on enforcement.invitations may countersign_app delete, insert, select, update

on enforcement.lifted_stops may countersign_app delete, insert, select, update

on enforcement.members may countersign_app delete, insert, select, update

on enforcement.memberships_of(text) may countersign_app execute

on enforcement.notice_choices may countersign_app delete, insert, select, update

on enforcement.organization_of_invitation(text) may countersign_app execute

on enforcement.organizations may countersign_app delete, insert, select, update

on enforcement.organizations_all() may countersign_app execute

on enforcement.organizations_due(bigint,integer) may countersign_app execute

on enforcement.organizations_waiting(bigint,uuid,integer) may countersign_app execute

on enforcement.policies may countersign_app delete, insert, select, update

on enforcement.publications may countersign_app delete, insert, select, update

on enforcement.rate_windows may countersign_app delete, insert, select, update

on enforcement.stops may countersign_app delete, insert, select, update

on enforcement.teams may countersign_app delete, insert, select, update

on identity.accounts may countersign_app delete, insert, select, update

on identity.attempts may countersign_app delete, insert, select, update

on identity.operator_tokens may countersign_app insert, select, update

on identity.personal_tokens may countersign_app insert, select, update

on identity.sessions may countersign_app delete, insert, select, update

on identity.two_factors may countersign_app delete, insert, select, update

on identity.users may countersign_app delete, insert, select, update

on identity.verifications may countersign_app delete, insert, select, update

on ledger.checkpoints may countersign_app insert, select

on ledger.erase(uuid,bigint) may countersign_app execute

on ledger.events may countersign_app insert, select

on ledger.events_0 may nobody anything

on ledger.events_1 may nobody anything

on ledger.events_2 may nobody anything

on ledger.events_3 may nobody anything

on ledger.events_4 may nobody anything

on ledger.events_5 may nobody anything

on ledger.events_6 may nobody anything

on ledger.events_7 may nobody anything

on ledger.heads may countersign_app insert, select, update

on ledger.nodes may countersign_app insert, select

on ledger.organizations_unsigned(uuid,integer) may countersign_app execute

on ledger.payloads may countersign_app insert, select

on ledger.payloads_other may nobody anything

on ledger.prepare_payload_month(bigint) may countersign_app execute

on ledger.refuse_backwards() may nobody anything

on ledger.refuse_begun() may nobody anything

on ledger.refuse_change() may nobody anything

on ledger.refuse_gaps() may nobody anything

on ledger.refuse_unrecorded_erasure() may nobody anything

on ledger.request_keys may countersign_app insert, select

on ledger.tiles may countersign_app insert, select

on notices.deliveries may countersign_app delete, insert, select, update

on notices.deliveries_due(bigint,integer) may countersign_app execute

on notices.endpoint_failures may countersign_app delete, insert, select, update

on notices.endpoint_secrets may countersign_app delete, insert, select, update

on notices.followed may countersign_app delete, insert, select, update

on notices.notices may countersign_app delete, insert, select, update

on notices.organizations_behind(text,uuid,integer) may countersign_app execute

on notices.unreported may countersign_app delete, insert, select, update

on schema enforcement may countersign_app usage

on schema identity may countersign_app usage

on schema ledger may countersign_app usage

on schema notices may countersign_app usage
