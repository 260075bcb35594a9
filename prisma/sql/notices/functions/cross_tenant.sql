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
