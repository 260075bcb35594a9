import { nodeCrypto } from '@countersign/crypto';
import type { OrganizationId } from '@countersign/kernel';
import { connectPostgres, createPools, type Pools, type Sql } from '@countersign/postgres';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll } from 'vitest';
import { HeadTransactions } from './head-transactions.ts';
import { LedgerAccess } from './ledger-access.ts';
import { PostgresLedger } from './postgres-ledger.ts';

/** Ledgers on a database of the spec's own. */
export interface Ledgers {
  readonly database: TestDatabase;
  readonly pools: Pools;
  readonly transactions: HeadTransactions;
  readonly ledger: PostgresLedger;
  readonly access: LedgerAccess;
  /** Opens an organization's ledger, empty. */
  open(organizationId: OrganizationId): Promise<void>;
  /** One more connection, by any role. */
  connect(url: string): Sql;
  /** A connection by each role that all tests of the file share. */
  readonly as: Readonly<Record<'app' | 'owner' | 'superuser', Sql>>;
}

export const limits = { lockTimeoutMs: 5_000, statementTimeoutMs: 10_000, idleInTransactionTimeoutMs: 10_000 };

/** Call at the top of a spec file; what it gives can be asked inside tests. */
export function openLedgers(): () => Ledgers {
  let opened: Ledgers | null = null;
  const connections: Sql[] = [];

  beforeAll(async () => {
    const database = await openDatabase();
    opened = ledgersOn(database, (url) => {
      const sql = connectPostgres(url, { connections: 1, applicationName: 'spec', limits });
      connections.push(sql);
      return sql;
    });
  });

  afterAll(async () => {
    await Promise.all(connections.map((sql) => sql.end({ timeout: 1 })));
    await opened?.pools.end();
    await opened?.database.drop();
  });

  return () => {
    if (!opened) throw new Error('the ledgers are open in tests only');
    return opened;
  };
}

function ledgersOn(database: TestDatabase, connect: (url: string) => Sql): Ledgers {
  const pools = createPools(database.appUrl, { decisions: 4, commands: 4, reads: 4 });
  const transactions = new HeadTransactions(nodeCrypto, () => Date.now());
  const { commands, reads } = pools;
  return {
    database,
    pools,
    transactions,
    ledger: new PostgresLedger({ commands, reads, transactions, crypto: nodeCrypto }),
    access: new LedgerAccess(reads, nodeCrypto),
    open: (organizationId) => transactions.open(commands, organizationId),
    connect,
    as: {
      app: connect(database.appUrl),
      owner: connect(database.adminUrl),
      superuser: connect(database.superuserUrl ?? database.adminUrl),
    },
  };
}
