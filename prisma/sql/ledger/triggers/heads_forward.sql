-- INVARIANT: a head only moves forwards, in size and in time, and never disappears.
CREATE FUNCTION ledger.refuse_backwards() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.organization_id <> OLD.organization_id OR NEW.size < OLD.size OR NEW.recorded_at < OLD.recorded_at OR NEW.epoch < OLD.epoch
     OR (NEW.size = OLD.size AND NEW.root <> OLD.root) THEN
    RAISE EXCEPTION 'the head of a ledger only moves forwards' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER heads_forward BEFORE UPDATE ON ledger.heads FOR EACH ROW EXECUTE FUNCTION ledger.refuse_backwards();
CREATE TRIGGER heads_kept BEFORE DELETE OR TRUNCATE ON ledger.heads FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- A head begins with nothing: one that was put there with a size would stand for events that nobody recorded.
CREATE FUNCTION ledger.refuse_begun() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.size <> 0 OR NEW.epoch <> -1 THEN
    RAISE EXCEPTION 'the head of a ledger begins at size 0' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER heads_begin BEFORE INSERT ON ledger.heads FOR EACH ROW EXECUTE FUNCTION ledger.refuse_begun();
