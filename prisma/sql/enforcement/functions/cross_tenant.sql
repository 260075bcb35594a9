-- The questions that must be asked before the tenant is known. Ids only, never content.
CREATE FUNCTION enforcement.authenticate_agent_key(key_hash text) RETURNS TABLE (organization_id uuid, key_id text, agent_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT k.organization_id, k.key_id, k.agent_id FROM enforcement.agent_keys k WHERE k.hash = key_hash
$$;

CREATE FUNCTION enforcement.organizations_due(at bigint, most integer) RETURNS TABLE (organization_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT h.organization_id FROM enforcement.holds h WHERE h.expires_at <= at LIMIT most
$$;

CREATE FUNCTION enforcement.organizations_all() RETURNS TABLE (organization_id uuid, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.organization_id, o.name FROM enforcement.organizations o ORDER BY o.name
$$;
