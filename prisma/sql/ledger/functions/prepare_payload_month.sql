-- Makes the partition of the month that holds an instant (milliseconds). Idempotent; run ahead of time by the worker.
-- A month whose rows already landed in the default partition stays there: moving them would lock out appends.
CREATE FUNCTION ledger.prepare_payload_month(at bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  month_start timestamptz := date_trunc('month', to_timestamp(at / 1000.0) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  month_end timestamptz := (date_trunc('month', to_timestamp(at / 1000.0) AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
  name text := 'payloads_' || to_char(month_start AT TIME ZONE 'UTC', 'YYYY_MM');
  from_ms bigint := (extract(epoch FROM month_start) * 1000)::bigint;
  to_ms bigint := (extract(epoch FROM month_end) * 1000)::bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ledger.prepare_payload_month'));
  IF to_regclass('ledger.' || name) IS NOT NULL THEN RETURN; END IF;
  IF EXISTS (SELECT FROM ledger.payloads_other WHERE recorded_at >= from_ms AND recorded_at < to_ms) THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE ledger.%I PARTITION OF ledger.payloads FOR VALUES FROM (%s) TO (%s) WITH (toast_tuple_target = 8160)', name, from_ms, to_ms);
  EXECUTE format('ALTER TABLE ledger.%I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE ledger.%I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE TRIGGER part_through_parent BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()', name);
END $$;
