import { randomUUID } from 'node:crypto';
import { partialEnforcement, type EnforcementState, type PartialEnforcement } from '@countersign/decisions';
import type { OrganizationId } from '@countersign/kernel';
import { inPipelinedTransaction, inTenant, settled } from '@countersign/postgres';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProcess, openReader, type TestProcess } from '../decisions.mother.ts';
import { writeTouched, type EnforcementTable } from './enforcement-table.ts';
import { loadMoney } from './money-rows.ts';
import { counterTable, rateTable } from './money-tables.ts';
import { learnPlaces, placesOf } from './row-places.ts';

let database: TestDatabase;
let api: TestProcess;
beforeAll(async () => {
  database = await openDatabase();
  api = openProcess(database.appUrl);
});
afterAll(async () => {
  await api.end();
  await database.drop();
});

/** A table whose rows are written in place, reduced to one number a row. */
interface Kind {
  readonly table: EnforcementTable;
  set(state: EnforcementState, key: string, value: number): void;
  readonly column: string;
}

const kinds: readonly Kind[] = [
  {
    table: counterTable as never,
    set: ({ counters }, key, value) => counters.set(key as never, { spent: BigInt(value), held: 7n }),
    column: 'spent::text',
  },
  {
    table: rateTable as never,
    set: ({ rates }, key, value) => rates.set(key, [value] as never),
    column: `trim(both '[]' from entries)`,
  },
];

const newOrganization = () => randomUUID() as OrganizationId;

describe.each(kinds)('rows of $table.name beside an open snapshot', ({ table, set, column }) => {
  /** What one process remembers of an organization. */
  function replica(organizationId: OrganizationId) {
    const state: PartialEnforcement = partialEnforcement();
    const put = (values: Readonly<Record<string, number>>, end: 'commit' | 'rollback' = 'commit') =>
      inPipelinedTransaction(api.pools.decisions, async (transaction) => {
        for (const [key, value] of Object.entries(values)) set(state, key, value);
        await settled([
          transaction.send(transaction.sql`select set_config('countersign.tenant', ${organizationId}::text, true)`),
          ...writeTouched(transaction, { organizationId, versionsPileUp: true }, table, state),
          ...(end === 'commit' ? [transaction.commit()] : []),
        ]);
      });
    return { put, map: table.map(state) };
  }

  async function rowsOf(organizationId: OrganizationId) {
    const rows = await inTenant(api.pools.reads, organizationId, (sql) =>
      sql.unsafe<{ key: string; value: string; place: string }[]>(
        `select key, ${column} as value, ctid::text as place from enforcement.${table.name} order by key`,
      ),
    );
    return { values: Object.fromEntries(rows.map(({ key, value }) => [key, Number(value)])), rows };
  }

  it('are written, known or new, and remembered where they are', async () => {
    const organizationId = newOrganization();
    const { put, map } = replica(organizationId);
    await put({ 'a, "b" \\': 1, b: 1 });
    await put({ b: 2, c: 2 });
    await put({ 'a, "b" \\': 3, c: 3 });

    const { values, rows } = await rowsOf(organizationId);
    expect(values).toEqual({ 'a, "b" \\': 3, b: 2, c: 3 });
    expect(
      placesOf(
        map,
        rows.map(({ key }) => key),
      ),
    ).toEqual(rows.map(({ place }) => place));
  });

  it('are written by their key where another process has moved them', async () => {
    const organizationId = newOrganization();
    const [one, other] = [replica(organizationId), replica(organizationId)];
    for (let round = 1; round <= 6; round += 1) {
      await (round % 2 === 0 ? one : other).put({ a: round, b: round });
      expect((await rowsOf(organizationId)).values).toEqual({ a: round, b: round });
    }
  });

  it('are written by their key after a transaction that never committed', async () => {
    const organizationId = newOrganization();
    const { put } = replica(organizationId);
    await put({ a: 1 });
    await put({ a: 2, b: 2 }, 'rollback');
    expect((await rowsOf(organizationId)).values).toEqual({ a: 1 });
    await put({ a: 3, b: 3 });
    expect((await rowsOf(organizationId)).values).toEqual({ a: 3, b: 3 });
  });

  it('I7: never change what else stands in their place now, another row or another organization’s', async () => {
    const [organizationId, stranger] = [newOrganization(), newOrganization()];
    const { put, map } = replica(organizationId);
    await replica(stranger).put({ a: 1 });
    await put({ a: 1, b: 1 });
    const [own, foreign] = [await rowsOf(organizationId), await rowsOf(stranger)];
    learnPlaces(map, [{ key: 'a', place: own.rows[1]?.place }]);
    await put({ a: 2 });
    expect((await rowsOf(organizationId)).values).toEqual({ a: 2, b: 1 });

    learnPlaces(map, [{ key: 'a', place: foreign.rows[0]?.place }]);
    await put({ a: 3 });
    expect((await rowsOf(organizationId)).values).toEqual({ a: 3, b: 1 });
    expect((await rowsOf(stranger)).values).toEqual({ a: 1 });
  });

  it('are written without a walk over the versions that the snapshot keeps', async () => {
    const organizationId = newOrganization();
    const { put } = replica(organizationId);
    const reader = await openReader(database.appUrl);
    try {
      for (let value = 0; value < 1_000; value += 1) await put({ a: value, b: value });
      const [seen, searched] = [await fewestPages(organizationId, true), await fewestPages(organizationId, false)];
      expect(searched).toBeGreaterThan(20);
      expect(seen).toBeLessThan(10);
    } finally {
      await reader.close();
    }
  });

  /** Of a few times, because now and then a row has to go to another page, and then its new entry in the index is checked. */
  async function fewestPages(organizationId: OrganizationId, isSeen: boolean): Promise<number> {
    const counts: number[] = [];
    while (counts.length < 4) {
      const { rows } = await rowsOf(organizationId);
      const places = rows.map(({ place }) => (isSeen ? place : '(0,0)'));
      counts.push(await pagesTouched(organizationId, places));
    }
    return Math.min(...counts);
  }

  /** How many pages the database touches to write `a` and `b`, last seen in these places. */
  async function pagesTouched(organizationId: OrganizationId, places: readonly string[]): Promise<number> {
    const values = Object.keys(table.columns).map(() => `'{1,2}'`);
    return inTenant(api.pools.decisions, organizationId, async (sql) => {
      const explained = await sql.unsafe<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }[]>(
        `explain (analyze, buffers, format json)
         select * from enforcement.${table.inPlace}('${organizationId}', '{a,b}', ${values.join()}, '{"${places.join('","')}"}')`,
      );
      const plan = explained[0]?.['QUERY PLAN'][0]?.Plan ?? {};
      return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
    });
  }

  it('are remembered as they are read, and forgotten once nothing piles up any more', async () => {
    const organizationId = newOrganization();
    await replica(organizationId).put({ a: 1 });
    const state = partialEnforcement();
    const read = (versionsPileUp: boolean) =>
      inPipelinedTransaction(api.pools.decisions, async (transaction) => {
        const { sql, send, commit } = transaction;
        await send(sql`select set_config('countersign.tenant', ${organizationId}::text, true)`);
        const keys = { counters: ['a'] as never[], rates: ['a'], holds: [] };
        await loadMoney(transaction, { organizationId, versionsPileUp }, state, keys);
        set(state, 'a', 2);
        const known = placesOf(table.map(state), ['a']);
        await settled([
          ...writeTouched(transaction, { organizationId, versionsPileUp: false }, table, state),
          commit(),
        ]);
        return known;
      });
    const [{ place } = { place: '' }] = (await rowsOf(organizationId)).rows;
    expect(await read(true)).toEqual([place]);
    expect(placesOf(table.map(state), ['a'])).toEqual(['(0,0)']);
  });
});
