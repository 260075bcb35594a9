import { randomUUID } from 'node:crypto';
import { createPools, type Pools } from '@countersign/postgres';
import { openIdentityDatabase, type IdentityDatabase } from '@countersign/prisma';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deleteExpiredSessions } from './expired-sessions.ts';

let database: TestDatabase;
let identity: IdentityDatabase;
let pools: Pools;
beforeAll(async () => {
  database = await openDatabase();
  identity = openIdentityDatabase(database.appUrl, { connections: 2 });
  pools = createPools(database.appUrl, { decisions: 1, commands: 2, reads: 1 });
});
afterAll(async () => {
  await pools.end();
  await identity.$disconnect();
  await database.drop();
});

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);

/** Sessions of one person that end, or ended, so many seconds from now. */
async function sessionsEnding(...seconds: readonly number[]) {
  const userId = randomUUID();
  const email = `${userId}@example.com`;
  await identity.user.create({ data: { id: userId, name: 'Ada', email, emailVerified: true } });
  await identity.session.createMany({
    data: seconds.map((each) => ({
      id: randomUUID(),
      userId,
      token: randomUUID(),
      method: 'password',
      expiresAt: inSeconds(each),
    })),
  });
  return () => identity.session.count({ where: { userId } });
}

it('sessions that are over go, and the others stay', async () => {
  const left = await sessionsEnding(-86_400, -1, 60, 86_400);
  expect(await deleteExpiredSessions(pools.commands)).toBe(2);
  expect(await left()).toBe(2);
  expect(await deleteExpiredSessions(pools.commands)).toBe(0);
});

it('however many there are, and however many sweep', async () => {
  const left = await sessionsEnding(...Array<number>(2_500).fill(-5), 60);
  const swept = await Promise.all([deleteExpiredSessions(pools.commands), deleteExpiredSessions(pools.commands)]);
  expect((swept[0] ?? 0) + (swept[1] ?? 0)).toBe(2_500);
  expect(await left()).toBe(1);
});
