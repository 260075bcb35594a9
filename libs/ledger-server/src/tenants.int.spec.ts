import { addedKey, ledgerEvent, newEvent, newOrganizationId, newSigner, originOf } from '@countersign/ledger-testing';
import type { OrganizationId } from '@countersign/kernel';
import type { Sql } from '@countersign/postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import { openLedgers } from './ledgers.mother.ts';

const ledgers = openLedgers();
const [treasury, payroll] = [newOrganizationId(), newOrganizationId()];
let tables: readonly string[] = [];

beforeAll(async () => {
  const { as } = ledgers();
  for (const organization of [treasury, payroll]) await fill(organization);
  const rows = await as.owner<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('ledger', 'enforcement', 'notices', 'read') and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition order by 1`;
  tables = rows.map(({ name }) => name);
  await fillEveryTable();
});

async function fill(organization: OrganizationId): Promise<void> {
  const { ledger, open } = ledgers();
  await open(organization);
  const added = addedKey({ origin: originOf(organization), signer: newSigner(), validFrom: 0 });
  const refunds = Array.from({ length: 300 }, (_, index) => newEvent({ stream: 'order-1', streamVersion: index + 1 }));
  await ledger.append(organization, [ledgerEvent(organization, 1, 'SigningKeyAdded', added), ...refunds]);
}

/** One row for payroll in each table that has none, made up from the types of its columns. */
async function fillEveryTable(): Promise<void> {
  const { owner } = ledgers().as;
  for (const table of tables) {
    const insertion = await insertionFor(owner, table);
    await owner.begin(async (transaction) => {
      await transaction`select set_config('countersign.tenant', ${payroll}, true)`;
      const [row] = await transaction.unsafe(`select count(*) as n from ${table}`);
      if (row?.['n'] === 0n) await transaction.unsafe(insertion);
    });
  }
}

async function insertionFor(sql: Sql, table: string): Promise<string> {
  const columns = await sql<{ name: string; type: string }[]>`
    select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attnotnull`;
  const values = columns.map(({ name, type }) =>
    name === 'organization_id' ? `'${payroll}'` : (VALUES[name] ?? VALUES[type] ?? '1'),
  );
  return `insert into ${table} (${columns.map(({ name }) => name).join(', ')}) values (${values.join(', ')})`;
}

const VALUES: Readonly<Record<string, string>> = {
  size: '0',
  epoch: '-1',
  level: '8',
  uuid: 'gen_random_uuid()',
  channel: `'mail'`,
  status: `'waiting'`,
  text: `'self'`,
  bytea: `decode(repeat('00', 32), 'hex')`,
  boolean: 'true',
  'timestamp with time zone': 'now()',
};

/** What the app sees of payroll's rows, with the tenant named or none, and what it can do to them. */
async function seen(tenant: OrganizationId | null, table: string): Promise<bigint> {
  return ledgers().as.app.begin(async (transaction) => {
    if (tenant) await transaction`select set_config('countersign.tenant', ${tenant}, true)`;
    const [row] = await transaction.unsafe<{ n: bigint }[]>(
      `select count(*) as n from ${table} where organization_id = '${payroll}'`,
    );
    return row?.n ?? -1n;
  });
}

describe('I7: a tenant’s rows', () => {
  it('stand behind forced row security in every table, the next one included', async () => {
    expect(tables.length).toBeGreaterThanOrEqual(17);
    const open = await ledgers().as.owner<{ name: string }[]>`
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('ledger', 'enforcement', 'notices', 'read') and c.relkind in ('r', 'p')
         and not (c.relrowsecurity and c.relforcerowsecurity)`;
    expect(open).toEqual([]);
  });

  it('are seen by their own tenant, in every table', async () => {
    for (const table of tables) expect([table, await seen(payroll, table)]).not.toEqual([table, 0n]);
  });

  it('are invisible to another tenant, and to nobody in particular', async () => {
    for (const table of tables) {
      expect([table, await seen(treasury, table)]).toEqual([table, 0n]);
      expect([table, await seen(null, table)]).toEqual([table, 0n]);
    }
  });

  it('cannot be written for another tenant, changed or removed by one', async () => {
    const sql = ledgers().as.app;
    const attempt = (statement: string) =>
      sql
        .begin(async (transaction) => {
          await transaction`select set_config('countersign.tenant', ${treasury}, true)`;
          return (await transaction.unsafe(statement)).count;
        })
        .catch((error: Error) => error.message);
    for (const table of tables) {
      const insertion = await insertionFor(ledgers().as.owner, table);
      expect([table, await attempt(insertion)]).toEqual([
        table,
        expect.stringMatching(/row-level security|permission denied/),
      ]);
      for (const change of [
        `update ${table} set organization_id = organization_id where organization_id = '${payroll}'`,
        `delete from ${table} where organization_id = '${payroll}'`,
      ]) {
        const outcome = await attempt(change);
        expect([table, outcome === 0 || /permission denied/.test(String(outcome))]).toEqual([table, true]);
      }
    }
  });

  it('cannot be erased by another tenant', async () => {
    const sql = ledgers().as.app;
    const attempt = sql.begin(async (transaction) => {
      await transaction`select set_config('countersign.tenant', ${treasury}, true)`;
      await transaction`select ledger.erase(${payroll}, 0)`;
    });
    await expect(attempt).rejects.toThrow(/for the tenant of the transaction/);
  });

  it('do not stay visible on a connection that is used again', async () => {
    const { access, pools } = ledgers();
    await Promise.all(Array.from({ length: 8 }, () => access.keyRing(payroll)));
    const [row] = await pools.reads<{ n: bigint }[]>`select count(*) as n from ledger.events`;
    expect(row?.n).toBe(0n);
  });
});
