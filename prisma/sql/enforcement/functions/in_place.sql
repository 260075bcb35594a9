-- Write rows that batch after batch updates, each where it was last seen: while somebody's snapshot stays open no version
-- of them can be pruned, and the search by key that precedes every upsert walks over all of them. A place is a hint: what
-- stands there is changed only if it is the row of that key, and whatever was not found so is written by its key. Both
-- give where the rows are now. The settings force the one plan that never walks; a planner that met the table while it
-- was small would keep another one.
CREATE FUNCTION enforcement.write_counters_in_place(organization uuid, keys text[], spendings bigint[], holdings bigint[], places tid[])
RETURNS TABLE (key text, place tid)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_indexscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH wanted AS MATERIALIZED (
    SELECT w.key, w.spent, w.held, w.place FROM unnest(keys, spendings, holdings, places) AS w (key, spent, held, place)),
  found AS (
    UPDATE enforcement.budget_counters c SET spent = w.spent, held = w.held FROM wanted w
     WHERE c.ctid = w.place AND c.organization_id = organization AND c.key = w.key RETURNING c.key, c.ctid),
  other AS (
    INSERT INTO enforcement.budget_counters AS c (organization_id, key, spent, held)
    SELECT organization, w.key, w.spent, w.held FROM wanted w WHERE NOT EXISTS (SELECT FROM found f WHERE f.key = w.key)
        ON CONFLICT (organization_id, key) DO UPDATE SET spent = excluded.spent, held = excluded.held
    RETURNING c.key, c.ctid)
  SELECT f.key, f.ctid FROM found f UNION ALL SELECT o.key, o.ctid FROM other o;
END $$;

CREATE FUNCTION enforcement.write_rate_windows_in_place(organization uuid, keys text[], logs text[], places tid[])
RETURNS TABLE (key text, place tid)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_indexscan = off SET enable_bitmapscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH wanted AS MATERIALIZED (
    SELECT w.key, w.entries, w.place FROM unnest(keys, logs, places) AS w (key, entries, place)),
  found AS (
    UPDATE enforcement.rate_windows r SET entries = w.entries FROM wanted w
     WHERE r.ctid = w.place AND r.organization_id = organization AND r.key = w.key RETURNING r.key, r.ctid),
  other AS (
    INSERT INTO enforcement.rate_windows AS r (organization_id, key, entries)
    SELECT organization, w.key, w.entries FROM wanted w WHERE NOT EXISTS (SELECT FROM found f WHERE f.key = w.key)
        ON CONFLICT (organization_id, key) DO UPDATE SET entries = excluded.entries
    RETURNING r.key, r.ctid)
  SELECT f.key, f.ctid FROM found f UNION ALL SELECT o.key, o.ctid FROM other o;
END $$;
