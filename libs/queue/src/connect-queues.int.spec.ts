import { hasRedis, openDatabase, openRedis } from '@countersign/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { connectQueues, type QueueAddress, type Queues } from './connect-queues.ts';
import { defineQueue } from './define-queue.ts';
import { migrateQueues } from './migrate-queues.ts';

const projections = defineQueue({
  name: 'projections',
  job: 'catch-up',
  payload: z.object({ organization: z.string(), position: z.number() }),
  coalesceBy: ({ organization }) => organization,
  attemptsMax: 2,
});
type News = z.infer<typeof projections.payload>;

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function onRedis(): Promise<QueueAddress> {
  const redis = await openRedis();
  closing.push(() => redis.stop());
  return { redisUrl: redis.url };
}

async function onPostgres(): Promise<QueueAddress> {
  const database = await openDatabase();
  closing.push(() => database.drop());
  await migrateQueues(database.adminUrl);
  await migrateQueues(database.adminUrl);
  return { databaseUrl: database.appUrl };
}

async function open(address: QueueAddress): Promise<{ queues: Queues; errors: string[] }> {
  const errors: string[] = [];
  const queues = await connectQueues(address, ({ message }) => void errors.push(message));
  closing.push(() => queues.close());
  return { queues, errors };
}

function gate(): { opened: Promise<void>; open: () => void } {
  let release = (): void => undefined;
  const opened = new Promise<void>((resolve) => (release = resolve));
  return { opened, open: release };
}

if (!hasRedis()) console.log('not run: queues on Redis (redis-server not found)');

describe.each([
  ['Redis', onRedis, hasRedis() || process.env['CI'] === '1'],
  ['Postgres', onPostgres, true],
])('queues on %s', (_name, address, isPossible) => {
  describe.runIf(isPossible)('as everywhere', () => {
    it('hand each job’s payload to a worker', async () => {
      const { queues } = await open(await address());
      const seen: News[] = [];
      await queues.work(projections, async (news) => void seen.push(news), { concurrency: 1 });
      expect(await queues.nudge(projections, { organization: 'treasury', position: 7 })).toBe(true);
      await vi.waitFor(() => expect(seen).toEqual([{ organization: 'treasury', position: 7 }]), { timeout: 10_000 });
    });

    it('coalesce waiting twins, and keep the one that comes while its twin runs', async () => {
      const { queues } = await open(await address());
      const first = gate();
      const seen: number[] = [];
      const handle = async ({ position }: News): Promise<void> => {
        seen.push(position);
        if (position === 1) await first.opened;
      };
      await queues.nudge(projections, { organization: 'treasury', position: 1 });
      await queues.nudge(projections, { organization: 'treasury', position: 1 });
      await queues.work(projections, handle, { concurrency: 4 });
      await vi.waitFor(() => expect(seen).toEqual([1]), { timeout: 10_000 });
      await queues.nudge(projections, { organization: 'treasury', position: 2 });
      await queues.nudge(projections, { organization: 'treasury', position: 3 });
      first.open();
      await vi.waitFor(() => expect(seen).toEqual([1, 3]), { timeout: 10_000 });
    });

    it('try again what failed, as often as the queue says, and report it', async () => {
      const { queues, errors } = await open(await address());
      let tries = 0;
      const handle = async (): Promise<void> => {
        tries += 1;
        throw new Error('the printer is out of paper');
      };
      await queues.work(projections, handle, { concurrency: 1 });
      await queues.nudge(projections, { organization: 'payroll', position: 1 });
      await vi.waitFor(() => expect(errors).toHaveLength(2), { timeout: 15_000 });
      expect([tries, new Set(errors)]).toEqual([2, new Set(['the printer is out of paper'])]);
    });

    it('refuse a payload that does not fit', async () => {
      const { queues } = await open(await address());
      await expect(queues.nudge(projections, { organization: 'payroll' } as News)).rejects.toThrow(/position/);
    });

    it('finish the running job before they close', async () => {
      const { queues } = await open(await address());
      let done = 0;
      const handle = async (): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        done += 1;
      };
      const started = gate();
      await queues.work(projections, async () => (started.open(), handle()), { concurrency: 1 });
      await queues.nudge(projections, { organization: 'payroll', position: 1 });
      await started.opened;
      closing.pop();
      await queues.close();
      expect(done).toBe(1);
    });
  });
});

describe('queues in between', () => {
  it.runIf(hasRedis())('on Redis make a nudge say so instead of failing its caller', async () => {
    const redis = await openRedis();
    const { queues, errors } = await open({ redisUrl: redis.url });
    await queues.nudge(projections, { organization: 'treasury', position: 1 });
    await redis.stop();
    expect(await queues.nudge(projections, { organization: 'treasury', position: 2 })).toBe(false);
    expect(errors.length).toBeGreaterThan(0);
  });

  it('on Postgres can be migrated again while they are in use, as every later start does', async () => {
    const database = await openDatabase();
    closing.push(() => database.drop());
    await migrateQueues(database.adminUrl);
    const { queues } = await open({ databaseUrl: database.appUrl });
    expect(await queues.nudge(projections, { organization: 'treasury', position: 1 })).toBe(true);
    await migrateQueues(database.adminUrl);
    expect(await queues.nudge(projections, { organization: 'payroll', position: 2 })).toBe(true);
  });

  it('on Postgres refuse to work before the migration, which would spin for ever', async () => {
    const database = await openDatabase();
    closing.push(() => database.drop());
    await expect(connectQueues({ databaseUrl: database.appUrl }, () => undefined)).rejects.toThrow(
      /countersign migrate/,
    );
  });
});
