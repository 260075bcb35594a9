-- The app may add to the ledger and read it. It may move a head forwards. It may change or remove nothing else.
GRANT USAGE ON SCHEMA ledger TO countersign_app;
GRANT SELECT, INSERT ON ledger.events, ledger.payloads, ledger.tiles, ledger.nodes, ledger.checkpoints, ledger.request_keys TO countersign_app;
GRANT SELECT, INSERT, UPDATE ON ledger.heads TO countersign_app;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.erase(uuid, bigint), ledger.prepare_payload_month(bigint), ledger.organizations_unsigned(uuid, integer) TO countersign_app;
