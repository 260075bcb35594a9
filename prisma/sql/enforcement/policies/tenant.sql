DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['organizations', 'teams', 'agents', 'agent_keys', 'policies', 'attachments', 'agent_key_uses',
                           'budget_counters', 'holds', 'rate_windows', 'members', 'invitations', 'stops', 'lifted_stops',
                           'approvals', 'grants', 'publications', 'endpoints', 'notice_choices'] LOOP
    EXECUTE format('ALTER TABLE enforcement.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE enforcement.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format($policy$CREATE POLICY tenant ON enforcement.%I
      USING (organization_id = (SELECT nullif(current_setting('countersign.tenant', true), '')::uuid))$policy$, t);
  END LOOP;
END $$;

-- For the owner's SECURITY DEFINER functions, which return ids.
CREATE POLICY crossing ON enforcement.agent_keys FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.holds FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.approvals FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.grants FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.organizations FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.members FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY crossing ON enforcement.invitations FOR SELECT TO CURRENT_USER USING (true);
