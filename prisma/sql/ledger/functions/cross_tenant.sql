-- What the signer and the sweeps must ask across organizations. Ids and sizes only, never content.
CREATE FUNCTION ledger.organizations_unsigned(most integer) RETURNS TABLE (organization_id uuid, size bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.organization_id, h.size FROM ledger.heads h
   WHERE h.size > 0 AND NOT EXISTS (
     SELECT FROM ledger.checkpoints c WHERE c.organization_id = h.organization_id AND c.size = h.size)
   ORDER BY h.organization_id LIMIT most
$$;
