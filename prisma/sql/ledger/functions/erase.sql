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
