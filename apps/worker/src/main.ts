import 'reflect-metadata';
import { keptSecretsOf } from '@countersign/kept-secrets';
import { assertAppRole, createPools } from '@countersign/postgres';
import { openIdentityDatabase } from '@countersign/prisma';
import { connectQueues } from '@countersign/queue';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { workerConfig } from './config.ts';
import { WorkerModule } from './worker.module.ts';

/** Connections of one worker; eight notices at a time take one each for a moment. */
const CONNECTIONS = { decisions: 1, commands: 4, reads: 4 } as const;

/** Does the chores until it is asked to stop. A start that fails says why in a line and ends with 1. */
try {
  const config = workerConfig();
  const pools = createPools(config.databaseUrl, CONNECTIONS);
  await assertAppRole(pools.reads);
  const logger = new Logger('queue');
  const address = config.redisUrl === undefined ? { databaseUrl: config.databaseUrl } : { redisUrl: config.redisUrl };
  const queues = await connectQueues(address, (error) => logger.warn(error.message));
  const identity = openIdentityDatabase(config.databaseUrl, { connections: 1 });
  const kept = await keptSecretsOf(config.secrets, config.dataDirectory);
  const { mail, notices, sweepSeconds } = config;
  const worker = await NestFactory.createApplicationContext(
    WorkerModule.with({ pools, queues, identity, kept, mail, notices, sweepSeconds }),
    { logger: ['error', 'warn'] },
  );
  console.log(`worker does its chores, with jobs in ${queues.backend}`);
  const stop = () =>
    void worker
      .close()
      .then(() => Promise.all([pools.end(), identity.$disconnect()]))
      .then(() => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
