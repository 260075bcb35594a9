import { randomUUID } from 'node:crypto';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { safeInteger } from './connection.ts';
import { createPools, type Pools } from './pools.ts';
import { inTenant } from './tenant.ts';

const treasury = randomUUID();
const payroll = randomUUID();
let database: TestDatabase;
let pools: Pools;

beforeAll(async () => {
  database = await openDatabase();
  pools = createPools(database.appUrl, { decisions: 2, commands: 2, reads: 1 });
});

afterAll(async () => {
  await pools.end();
  await database.drop();
});

describe('pools by purpose', () => {
  it('I1: commit with fsync, whatever the role or the database would default to', async () => {
    const [row] = await pools.decisions`show synchronous_commit`;
    expect(row).toEqual({ synchronous_commit: 'on' });
  });

  it('cut off whoever freezes while holding a lock after two seconds', async () => {
    const frozen = pools.decisions.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(1)`;
      await new Promise((resolve) => setTimeout(resolve, 2_600));
      await transaction`select 1`;
    });
    await expect(frozen).rejects.toThrow(/idle-in-transaction timeout|CONNECTION/);
    const [row] = await pools.decisions`select pg_try_advisory_lock(1) as free`;
    expect(row).toEqual({ free: true });
  });

  it('give int8 as bigint and nothing else', async () => {
    const [row] = await pools.reads`select 9007199254740993::bigint as money, 7::int as count, 1::numeric as ratio`;
    expect(row).toEqual({ money: 9_007_199_254_740_993n, count: 7, ratio: '1' });
  });

  it('say which is which to whoever looks for the holder of a lock', async () => {
    const [row] = await pools.commands`select current_setting('application_name') as name`;
    expect(row).toEqual({ name: 'countersign commands' });
  });
});

describe('I7: a transaction of one organization', () => {
  it('sees and writes its own rows only', async () => {
    await inTenant(pools.commands, treasury, async (transaction) => {
      await transaction`insert into enforcement.teams (organization_id, team_id, name) values (${treasury}, 'team_1', 'Treasury')`;
    });
    const names = (organization: string) =>
      inTenant(pools.reads, organization, (transaction) => transaction`select name from enforcement.teams`);
    expect(await names(treasury)).toEqual([{ name: 'Treasury' }]);
    expect(await names(payroll)).toEqual([]);
  });

  it('cannot write a row of another', async () => {
    const forged = inTenant(
      pools.commands,
      payroll,
      (transaction) =>
        transaction`insert into enforcement.teams (organization_id, team_id, name) values (${treasury}, 'team_2', 'Forged')`,
    );
    await expect(forged).rejects.toThrow(/row-level security/);
  });

  it('leaves nothing behind on its connection', async () => {
    await inTenant(pools.reads, treasury, (transaction) => transaction`select 1`);
    expect(await pools.reads`select name from enforcement.teams`).toEqual([]);
  });

  it('is rolled back when the work fails, and fails with the same error', async () => {
    const failing = inTenant(pools.commands, payroll, async (transaction) => {
      await transaction`insert into enforcement.teams (organization_id, team_id, name) values (${payroll}, 'team_1', 'Payroll')`;
      throw new Error('the printer is out of paper');
    });
    await expect(failing).rejects.toThrow('the printer is out of paper');
    const rows = await inTenant(pools.reads, payroll, (transaction) => transaction`select name from enforcement.teams`);
    expect(rows).toEqual([]);
  });
});

describe('a safe integer', () => {
  it('is what fits, and an error is what does not', () => {
    expect(safeInteger(42n)).toBe(42);
    expect(() => safeInteger(2n ** 53n)).toThrow(RangeError);
  });
});
