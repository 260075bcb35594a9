-- Tenants are apart even where our code is wrong. FORCE, so that the owner is bound as well; the two policies for the
-- owner are what its SECURITY DEFINER functions need, and no more. Partitions are reached through their parents only.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['heads', 'events', 'payloads', 'tiles', 'nodes', 'checkpoints', 'request_keys'] LOOP
    EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format($policy$CREATE POLICY tenant ON ledger.%I
      USING (organization_id = (SELECT nullif(current_setting('countersign.tenant', true), '')::uuid))$policy$, t);
  END LOOP;
END $$;

-- Partitions have no policy at all: named directly, they show nobody anything.
DO $$
DECLARE part regclass;
BEGIN
  FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent IN ('ledger.events'::regclass, 'ledger.payloads'::regclass) LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', part);
  END LOOP;
END $$;

-- For `ledger.prepare_payload_month`, which must know whether a month has begun in the default partition.
CREATE POLICY crossing ON ledger.payloads_other FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON ledger.heads FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON ledger.checkpoints FOR SELECT TO CURRENT_USER USING (true);
