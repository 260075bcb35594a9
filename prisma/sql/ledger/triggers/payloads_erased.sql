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
