-- The truth: one append-only Merkle log per organization. Nothing here is ever updated but heads, and only forwards.
CREATE SCHEMA ledger;
