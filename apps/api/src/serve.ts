import { DirectRoutes } from '@countersign/decisions-server';
import { ProblemFilter } from '@countersign/http';
import { openIdentity } from '@countersign/identity-server';
import { keptSecretsOf } from '@countersign/kept-secrets';
import { preparePayloadMonths } from '@countersign/ledger-server';
import { assertAppRole, createPools } from '@countersign/postgres';
import { openIdentityDatabase } from '@countersign/prisma';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule, type Foundations } from './api.module.ts';
import type { ApiConfig } from './config.ts';
import { httpServer } from './http-server.ts';
import { ledgerParts } from './ledger.parts.ts';
import { routeTable } from './route-table.ts';

/** Connections of one process. Decisions take one per organization at a time; two serve people whatever agents do. */
const CONNECTIONS = { decisions: 8, commands: 2, reads: 8 } as const;

/** Who somebody is takes a millisecond to read; the rest is hashing, outside of the database. */
const IDENTITY_CONNECTIONS = 4;

export interface Served {
  readonly url: string;
  readonly routes: readonly string[];
  close(): Promise<void>;
}

/** Listens once everything it needs has answered: the database, and as a role that may not do too much. */
export async function serve(config: ApiConfig): Promise<Served> {
  const pools = createPools(config.databaseUrl, CONNECTIONS);
  await assertAppRole(pools.reads);
  // Before the first event of a month, or that month stays in the partition for whatever nobody prepared.
  await preparePayloadMonths(pools.commands);
  const identity = openIdentityDatabase(config.databaseUrl, { connections: IDENTITY_CONNECTIONS });
  const ledger = await ledgerParts(config, pools);
  const people = await openIdentity({
    database: identity,
    config: config.identity,
    dataDirectory: config.dataDirectory,
    imports: [],
  });
  const kept = await keptSecretsOf(config.secrets, config.dataDirectory);
  const foundations = { pools, ledger, identity, people, kept };
  const { app, routes } = await createApp(foundations, config.identity.trustedProxies);
  await app.listen(config.port, config.host);
  ledger.signing.start();
  return {
    url: await app.getUrl(),
    routes,
    close: async () => {
      await app.close();
      await ledger.close();
      await Promise.all([pools.end(), identity.$disconnect()]);
    },
  };
}

async function createApp(foundations: Foundations, trustedProxies: readonly string[]) {
  const problems = new ProblemFilter();
  const adapter = httpServer(problems, trustedProxies);
  const routes = routeTable(adapter.getInstance());
  const direct = new DirectRoutes(problems);
  direct.replaceHandlers(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(foundations), adapter, {
    bodyParser: false,
    logger: ['error', 'warn'],
  });
  app.useGlobalFilters(problems);
  await app.init();
  direct.answerFrom(app);
  return { app, routes };
}
