import { connectPostgres, type Sql } from '@countersign/postgres';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fiveDollars,
  openOrganization,
  openProcess,
  openReader,
  purchase,
  type TestProcess,
} from './decisions.mother.ts';

let database: TestDatabase;
let one: TestProcess;
let two: TestProcess;
let owner: Sql;
beforeAll(async () => {
  database = await openDatabase();
  [one, two] = [openProcess(database.appUrl), openProcess(database.appUrl)];
  const limits = { lockTimeoutMs: 1_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 };
  owner = connectPostgres(database.adminUrl, { connections: 1, applicationName: 'spec', limits });
});
afterAll(async () => {
  await Promise.all([one.end(), two.end(), owner.end({ timeout: 1 })]);
  await database.drop();
});

const COMMITS = 600;
const ROOMY = fiveDollars.replace('cap: 5', `cap: ${COMMITS + 5}`);

/** Whether batches write counters in place shows in what happens when they may not. */
async function isWritingInPlace(decide: () => Promise<unknown>): Promise<boolean> {
  const counters = 'function enforcement.write_counters_in_place(uuid, text[], bigint[], bigint[], tid[])';
  await owner.unsafe(`revoke execute on ${counters} from countersign_app`);
  const decided = await decide().then(
    () => true,
    () => false,
  );
  await owner.unsafe(`grant execute on ${counters} to countersign_app`);
  return !decided;
}

describe('decisions beside a reader that stays open', () => {
  it(
    'I2: allow exactly what the cap holds, by two processes that take turns, during it and after',
    { timeout: 60_000 },
    async () => {
      const { caller } = await openOrganization(one, ROOMY);
      const free = purchase({ cost: { usd: '0' } });
      const decide = (count: number, process: TestProcess) =>
        process.decisions.decide(caller, purchase({ cost: { usd: `${count}` } }));
      const reader = await openReader(database.appUrl);
      for (let count = 0; count < COMMITS; count += 1) {
        const process = count % 100 < 90 ? one : two;
        expect((await decide(1, process)).verdict).toBe('allow');
      }
      expect(await isWritingInPlace(() => one.decisions.decide(caller, free))).toBe(true);
      const asked = await Promise.all(Array.from({ length: 20 }, (_, index) => decide(1, index % 2 === 0 ? one : two)));
      expect(asked.filter(({ verdict }) => verdict === 'allow')).toHaveLength(5);

      await reader.close();
      for (let count = 0; count < COMMITS; count += 1) expect((await decide(1, one)).verdict).toBe('block');
      expect(await isWritingInPlace(() => one.decisions.decide(caller, purchase({ cost: { usd: '0' } })))).toBe(false);
      expect((await decide(1, two)).verdict).toBe('block');
    },
  );
});
