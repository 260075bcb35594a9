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
