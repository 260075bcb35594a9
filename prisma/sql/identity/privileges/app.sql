-- Who someone is. Prisma made the tables; the app may use them and not change their shape.
GRANT USAGE ON SCHEMA identity TO countersign_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA identity TO countersign_app;
