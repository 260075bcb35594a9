-- Takes an organization's head lock by its key, and gives the row as of then and where it is.
CREATE FUNCTION ledger.lock_head_by_key(organization uuid, OUT size bigint, OUT frontier bytea, OUT recorded_at bigint, OUT epoch bigint, OUT place tid)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET enable_indexscan = on AS $$
BEGIN
  SELECT h.size, h.frontier, h.recorded_at, h.epoch, h.ctid INTO size, frontier, recorded_at, epoch, place
    FROM ledger.heads h WHERE h.organization_id = organization FOR NO KEY UPDATE;
END $$;

-- The same with the time after the wait, looking first on the page where the caller last saw the row: while somebody's
-- snapshot stays open no version of the row can be pruned, and a search by key walks over all of them. No row when the
-- organization has no ledger.
-- The page is a hint and no more. What stands there counts only if it is this organization's and the newest; otherwise the
-- row is searched by key, in a statement with a snapshot of its own (VOLATILE), so that it sees what a wait let in.
-- Releases of Postgres differ in what the first statement gives after a wait: the newest version, or nothing.
-- A range of places, although one would do: of the scans by place only this one prunes the page it reads. The settings
-- force it; a planner that met the table while it was small would keep another plan.
CREATE FUNCTION ledger.lock_head(organization uuid, page tid, next_page tid)
RETURNS TABLE (size bigint, frontier bytea, recorded_at bigint, epoch bigint, place tid, now bigint)
LANGUAGE plpgsql VOLATILE ROWS 1 SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_indexscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  SELECT h.size, h.frontier, h.recorded_at, h.epoch, h.ctid INTO size, frontier, recorded_at, epoch, place
    FROM ledger.heads h
   WHERE h.ctid >= page AND h.ctid < next_page AND h.organization_id = organization FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    SELECT h.size, h.frontier, h.recorded_at, h.epoch, h.place INTO size, frontier, recorded_at, epoch, place
      FROM ledger.lock_head_by_key(organization) h;
  END IF;
  IF size IS NULL THEN RETURN; END IF;
  now := floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;
  RETURN NEXT;
END $$;
