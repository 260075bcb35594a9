-- What people and programs are told: an outbox that follows each ledger. Nothing is judged by it; deleted, it is told again
-- from the ledger, except for the secrets that sign.
CREATE SCHEMA notices;
