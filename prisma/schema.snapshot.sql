schema enforcement

schema identity

schema ledger

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

table enforcement.holds (
  decision_id text not null,
  entries text not null,
  expires_at bigint not null,
  organization_id uuid not null
)
  with (autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=2000)
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

table enforcement.rate_windows (
  entries text not null,
  key text not null,
  organization_id uuid not null
)
  with (autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0.01, autovacuum_vacuum_threshold=1000, fillfactor=50)
  row level security, forced

table enforcement.teams (
  name text not null,
  organization_id uuid not null,
  team_id text not null
)
  row level security, forced

table identity.operator_tokens (
  created_at timestamp(3) with time zone not null default CURRENT_TIMESTAMP,
  hash bytea not null,
  id uuid not null,
  label text not null,
  revoked_at timestamp(3) with time zone
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

partition ledger.events_0 of ledger.events FOR VALUES WITH (modulus 8, remainder 0)

partition ledger.events_1 of ledger.events FOR VALUES WITH (modulus 8, remainder 1)

partition ledger.events_2 of ledger.events FOR VALUES WITH (modulus 8, remainder 2)

partition ledger.events_3 of ledger.events FOR VALUES WITH (modulus 8, remainder 3)

partition ledger.events_4 of ledger.events FOR VALUES WITH (modulus 8, remainder 4)

partition ledger.events_5 of ledger.events FOR VALUES WITH (modulus 8, remainder 5)

partition ledger.events_6 of ledger.events FOR VALUES WITH (modulus 8, remainder 6)

partition ledger.events_7 of ledger.events FOR VALUES WITH (modulus 8, remainder 7)

partition ledger.payloads_other of ledger.payloads DEFAULT

constraint agent_key_uses_pkey on enforcement.agent_key_uses PRIMARY KEY (organization_id, key_id)

constraint agent_keys_hash_key on enforcement.agent_keys UNIQUE (hash)

constraint agent_keys_pkey on enforcement.agent_keys PRIMARY KEY (organization_id, key_id)

constraint agents_pkey on enforcement.agents PRIMARY KEY (organization_id, agent_id)

constraint attachments_pkey on enforcement.attachments PRIMARY KEY (organization_id, policy, layer, point)

constraint budget_counters_held_check on enforcement.budget_counters CHECK ((held >= 0))

constraint budget_counters_pkey on enforcement.budget_counters PRIMARY KEY (organization_id, key)

constraint checkpoints_pkey on ledger.checkpoints PRIMARY KEY (organization_id, size)

constraint checkpoints_root_check on ledger.checkpoints CHECK ((octet_length(root) = 32))

constraint checkpoints_size_check on ledger.checkpoints CHECK ((size >= 0))

constraint events_commitment_check on ledger.events CHECK ((octet_length(commitment) = 32))

constraint events_organization_id_stream_stream_version_key on ledger.events UNIQUE (organization_id, stream, stream_version)

constraint events_pkey on ledger.events PRIMARY KEY (organization_id, "position")

constraint events_position_check on ledger.events CHECK (("position" >= 0))

constraint events_stream_version_check on ledger.events CHECK ((stream_version >= 1))

constraint heads_epoch_check on ledger.heads CHECK ((epoch >= '-1'::integer))

constraint heads_pkey on ledger.heads PRIMARY KEY (organization_id)

constraint heads_root_check on ledger.heads CHECK ((octet_length(root) = 32))

constraint heads_size_check on ledger.heads CHECK ((size >= 0))

constraint holds_pkey on enforcement.holds PRIMARY KEY (organization_id, decision_id)

constraint nodes_hash_check on ledger.nodes CHECK ((octet_length(hash) = 32))

constraint nodes_index_check on ledger.nodes CHECK ((index >= 0))

constraint nodes_level_check on ledger.nodes CHECK ((level >= 8))

constraint nodes_pkey on ledger.nodes PRIMARY KEY (organization_id, level, index)

constraint operator_tokens_pkey on identity.operator_tokens PRIMARY KEY (id)

constraint organizations_name_key on enforcement.organizations UNIQUE (name)

constraint organizations_pkey on enforcement.organizations PRIMARY KEY (organization_id, self)

constraint organizations_self_check on enforcement.organizations CHECK ((self = 'self'::text))

constraint payloads_pkey on ledger.payloads PRIMARY KEY (organization_id, "position", recorded_at)

constraint payloads_salt_check on ledger.payloads CHECK ((octet_length(salt) = 32))

constraint policies_pkey on enforcement.policies PRIMARY KEY (organization_id, name)

constraint rate_windows_pkey on enforcement.rate_windows PRIMARY KEY (organization_id, key)

constraint request_keys_pkey on ledger.request_keys PRIMARY KEY (organization_id, key)

constraint teams_pkey on enforcement.teams PRIMARY KEY (organization_id, team_id)

constraint tiles_leaves_check on ledger.tiles CHECK ((octet_length(leaves) = 8192))

constraint tiles_pkey on ledger.tiles PRIMARY KEY (organization_id, tile)

constraint tiles_tile_check on ledger.tiles CHECK ((tile >= 0))

CREATE INDEX holds_due ON enforcement.holds USING btree (organization_id, expires_at)

CREATE UNIQUE INDEX operator_tokens_hash_key ON identity.operator_tokens USING btree (hash)

CREATE OR REPLACE FUNCTION enforcement.authenticate_agent_key(key_hash text)
 RETURNS TABLE(organization_id uuid, key_id text, agent_id text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  SELECT k.organization_id, k.key_id, k.agent_id FROM enforcement.agent_keys k WHERE k.hash = key_hash
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
  EXECUTE format('CREATE TABLE ledger.%I PARTITION OF ledger.payloads FOR VALUES FROM (%s) TO (%s)', name, from_ms, to_ms);
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
  is_there boolean;
BEGIN
  FOR run IN SELECT organization_id, min(position) AS first, max(position) AS last, count(*) AS n FROM added GROUP BY organization_id LOOP
    IF run.last - run.first + 1 <> run.n THEN
      RAISE EXCEPTION 'ledger positions must be gapless' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    CONTINUE WHEN run.first = 0;
    EXECUTE 'SELECT EXISTS (SELECT FROM ledger.events e WHERE e.organization_id = $1 AND e.position = $2)'
       INTO is_there USING run.organization_id, run.first - 1;
    IF NOT is_there THEN
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

policy crossing on enforcement.holds for select to <owner> using (true)

policy crossing on enforcement.organizations for select to <owner> using (true)

policy crossing on ledger.checkpoints for select to <owner> using (true)

policy crossing on ledger.heads for select to <owner> using (true)

policy crossing on ledger.payloads_other for select to <owner> using (true)

policy tenant on enforcement.agent_key_uses for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.agent_keys for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.agents for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.attachments for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.budget_counters for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.holds for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.organizations for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.policies for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.rate_windows for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on enforcement.teams for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.checkpoints for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.events for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.heads for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.nodes for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.payloads for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.request_keys for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

policy tenant on ledger.tiles for all to public using ((organization_id = ( SELECT (NULLIF(current_setting('countersign.tenant'::text, true), ''::text))::uuid AS "nullif")))

on enforcement.agent_key_uses may countersign_app delete, insert, select, update

on enforcement.agent_keys may countersign_app delete, insert, select, update

on enforcement.agents may countersign_app delete, insert, select, update

on enforcement.attachments may countersign_app delete, insert, select, update

on enforcement.authenticate_agent_key(text) may countersign_app execute

on enforcement.budget_counters may countersign_app delete, insert, select, update

on enforcement.holds may countersign_app delete, insert, select, update

on enforcement.organizations may countersign_app delete, insert, select, update

on enforcement.organizations_all() may countersign_app execute

on enforcement.organizations_due(bigint,integer) may countersign_app execute

on enforcement.policies may countersign_app delete, insert, select, update

on enforcement.rate_windows may countersign_app delete, insert, select, update

on enforcement.teams may countersign_app delete, insert, select, update

on identity.operator_tokens may countersign_app delete, insert, select, update

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

on schema enforcement may countersign_app usage

on schema identity may countersign_app usage

on schema ledger may countersign_app usage
