-- Who someone is. Prisma made the tables; the app may use them and not change their shape. What ends by being marked
-- (tokens) is not deleted by the app, so that who issued and revoked it stays known.
GRANT USAGE ON SCHEMA identity TO countersign_app;
GRANT SELECT, INSERT, UPDATE, DELETE
  ON identity.users, identity.sessions, identity.accounts, identity.verifications, identity.two_factors,
     identity.attempts
  TO countersign_app;
GRANT SELECT, INSERT, UPDATE ON identity.operator_tokens, identity.personal_tokens TO countersign_app;
