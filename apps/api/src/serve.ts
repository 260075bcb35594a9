import { ProblemFilter } from '@countersign/http';
import { preparePayloadMonths } from '@countersign/ledger-server';
import { assertAppRole, createPools } from '@countersign/postgres';
import { openIdentityDatabase } from '@countersign/prisma';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { ApiModule, type Foundations } from './api.module.ts';
import type { ApiConfig } from './config.ts';
import { ledgerParts } from './ledger.parts.ts';

/** Connections of one process. Decisions take one per organization at a time; two serve people whatever agents do. */
const CONNECTIONS = { decisions: 8, commands: 2, reads: 8 } as const;

/** A batch of 500 actions may weigh this much. */
const BODY_BYTES_MAX = 4 * 1_024 * 1_024;

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens once everything it needs has answered: the database, and as a role that may not do too much. */
export async function serve(config: ApiConfig): Promise<Served> {
  const pools = createPools(config.databaseUrl, CONNECTIONS);
  await assertAppRole(pools.reads);
  // Before the first event of a month, or that month stays in the partition for whatever nobody prepared.
  await preparePayloadMonths(pools.commands);
  const identity = openIdentityDatabase(config.databaseUrl, { connections: 2 });
  const ledger = await ledgerParts(config, pools);
  const app = await createApp({ pools, ledger, identity });
  await app.listen(config.port, config.host);
  ledger.signing.start();
  return {
    url: await app.getUrl(),
    close: async () => {
      await app.close();
      await ledger.close();
      await Promise.all([pools.end(), identity.$disconnect()]);
    },
  };
}

async function createApp(foundations: Foundations): Promise<NestFastifyApplication> {
  const problems = new ProblemFilter();
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error: Error, _request: unknown, reply: FastifyReply) => problems.answer(error, reply),
  });
  // What is not said to be JSON is not read as JSON.
  adapter.getInstance().removeContentTypeParser('text/plain');
  // JSON arrives as text: it is read strictly where its limits are known, and never twice.
  adapter
    .getInstance()
    .addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(foundations), adapter, {
    bodyParser: false,
    logger: ['error', 'warn'],
  });
  app.useGlobalFilters(problems);
  await app.init();
  return app;
}
