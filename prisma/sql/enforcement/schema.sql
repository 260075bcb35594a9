-- What the next decision depends on: an inline projection of the ledger, updated in the same transaction as the events,
-- recomputable from them (`countersign state check` proves it).
CREATE SCHEMA enforcement;
