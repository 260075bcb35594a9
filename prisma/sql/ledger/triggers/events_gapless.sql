-- INVARIANT: positions are gapless within an organization, whoever inserts and however.
-- One statement-level trigger with a transition table: a trigger per row was 5 to 20 times slower.
CREATE FUNCTION ledger.refuse_gaps() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (
      SELECT organization_id, min(position) AS first, max(position) AS last, count(*) AS n FROM added GROUP BY organization_id
    ) run
    WHERE run.last - run.first + 1 <> run.n
       OR (run.first > 0 AND NOT EXISTS (
            SELECT FROM ledger.events e WHERE e.organization_id = run.organization_id AND e.position = run.first - 1))
  ) THEN
    RAISE EXCEPTION 'ledger positions must be gapless' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER events_gapless AFTER INSERT ON ledger.events
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_gaps();
