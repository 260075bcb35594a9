import 'reflect-metadata';
import { assertAppRole, createPools, surviveLostConnections } from '@countersign/postgres';
import { connectQueues } from '@countersign/queue';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { workerConfig } from './config.ts';
import { WorkerModule } from './worker.module.ts';

/** Does the chores until it is asked to stop. A start that fails says why in a line and ends with 1. */
surviveLostConnections((line) => console.error(line));

try {
  const config = workerConfig();
  const pools = createPools(config.databaseUrl, { decisions: 1, commands: 2, reads: 2 });
  await assertAppRole(pools.reads);
  const logger = new Logger('queue');
  const address = config.redisUrl === undefined ? { databaseUrl: config.databaseUrl } : { redisUrl: config.redisUrl };
  const queues = await connectQueues(address, (error) => logger.warn(error.message));
  const worker = await NestFactory.createApplicationContext(
    WorkerModule.with({ pools, queues, sweepSeconds: config.sweepSeconds }),
    { logger: ['error', 'warn'] },
  );
  console.log(`worker does its chores, with jobs in ${queues.backend}`);
  const stop = () =>
    void worker
      .close()
      .then(() => pools.end())
      .then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
