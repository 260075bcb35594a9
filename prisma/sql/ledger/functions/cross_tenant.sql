-- What the signer and the sweeps must ask across organizations. Ids and sizes only, never content.
-- In pages by id: ledgers that cannot be signed must not hide those that can.
CREATE FUNCTION ledger.organizations_unsigned(after uuid, most integer) RETURNS TABLE (organization_id uuid, size bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.organization_id, h.size FROM ledger.heads h
   WHERE h.size > 0 AND (after IS NULL OR h.organization_id > after) AND NOT EXISTS (
     SELECT FROM ledger.checkpoints c WHERE c.organization_id = h.organization_id AND c.size = h.size)
   ORDER BY h.organization_id LIMIT most
$$;
