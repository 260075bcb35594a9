import { openIdentityDatabase, type IdentityDatabase } from '@countersign/prisma';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PostgresAttempts } from './postgres-attempts.ts';

let database: TestDatabase;
let identity: IdentityDatabase;
let attempts: PostgresAttempts;
beforeAll(async () => {
  database = await openDatabase();
  identity = openIdentityDatabase(database.appUrl, { connections: 8 });
  attempts = new PostgresAttempts(identity);
});
afterAll(async () => {
  await identity.$disconnect();
  await database.drop();
});

const limit = { max: 3, windowSeconds: 60, lockSeconds: 120 };
const newKey = () => `key ${crypto.randomUUID()}`;
const countTimes = async (times: number, key: string, by = limit) => {
  const seconds: number[] = [];
  for (let time = 0; time < times; time += 1) seconds.push(await attempts.count({ key, limit: by }));
  return seconds;
};

describe('attempts', () => {
  it('are let through up to the limit, then locked from the last one on', async () => {
    const seconds = await countTimes(5, newKey());
    expect(seconds.slice(0, 3)).toEqual([0, 0, 0]);
    for (const left of seconds.slice(3)) {
      expect(left).toBeGreaterThan(limit.windowSeconds);
      expect(left).toBeLessThanOrEqual(limit.lockSeconds);
    }
  });

  it('that are made while it is locked do not prolong the lock', async () => {
    const key = newKey();
    const short = { ...limit, lockSeconds: 1 };
    await countTimes(4, key, short);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await attempts.count({ key, limit: short })).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await countTimes(4, key, short)).toEqual([0, 0, 0, 1]);
  });

  it('at the same moment never exceed the limit', async () => {
    const key = newKey();
    const seconds = await Promise.all(Array.from({ length: 50 }, () => attempts.count({ key, limit })));
    expect(seconds.filter((each) => each === 0)).toHaveLength(limit.max);
  });

  it('begin anew once the window has passed', async () => {
    const key = newKey();
    await countTimes(2, key, { ...limit, windowSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await countTimes(4, key)).toEqual([0, 0, 0, expect.any(Number)]);
  });

  it('are taken back one by one, and forgotten at once', async () => {
    const key = newKey();
    await countTimes(2, key);
    await attempts.takeBack(key);
    expect((await countTimes(3, key)).map((seconds) => seconds > 0)).toEqual([false, false, true]);
    await attempts.forget(key);
    expect(await countTimes(3, key)).toEqual([0, 0, 0]);
  });

  it('are kept under a hash, and those that are over are swept away', async () => {
    const key = newKey();
    await countTimes(1, key, { ...limit, windowSeconds: 0 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await countTimes(1, newKey());
    const rows = await identity.attempt.findMany();
    expect(rows.every(({ key: kept }) => kept.length === 32)).toBe(true);
    expect(rows.every(({ resetsAt }) => resetsAt > new Date(Date.now() - 60_000))).toBe(true);
    expect(await identity.attempt.count({ where: { resetsAt: { lt: new Date() } } })).toBe(0);
  });
});
