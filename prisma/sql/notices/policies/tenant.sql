DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['followed', 'notices', 'deliveries', 'unreported', 'endpoint_secrets', 'endpoint_failures'] LOOP
    EXECUTE format('ALTER TABLE notices.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE notices.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format($policy$CREATE POLICY tenant ON notices.%I
      USING (organization_id = (SELECT nullif(current_setting('countersign.tenant', true), '')::uuid))$policy$, t);
  END LOOP;
END $$;

-- For the owner's SECURITY DEFINER functions, which return ids.
CREATE POLICY crossing ON notices.followed FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON notices.deliveries FOR SELECT TO CURRENT_USER USING (true);
