-- INVARIANT: what was recorded stays as it was. Privileges already refuse the app role; this refuses the owner too.
CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '% on %.% is refused: the ledger is append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.events FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER payloads_unchanged BEFORE UPDATE OR TRUNCATE ON ledger.payloads FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER tiles_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.tiles FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER nodes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.nodes FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.checkpoints FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER request_keys_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.request_keys FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Statements that name a partition pass its parent's triggers and policies by, so a partition lets nobody write to it
-- directly, nor read; rows reach it through the parent, whose statements do not fire these. `ledger.prepare_payload_month`
-- guards the months it makes in the same way.
DO $$
DECLARE part regclass;
BEGIN
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent IN ('ledger.events'::regclass, 'ledger.payloads'::regclass) LOOP
    EXECUTE format('CREATE TRIGGER part_through_parent BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()', part);
  END LOOP;
END $$;
