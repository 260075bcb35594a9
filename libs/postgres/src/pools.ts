import { connectPostgres, type ConnectionLimits, type Sql } from './connection.ts';

/** How many connections each purpose may use. */
export interface PoolSizes {
  readonly decisions: number;
  /** Two are reserved for stops and revocations, which must get through whatever the agents do. */
  readonly commands: number;
  readonly reads: number;
}

/** Pools by purpose: a slow report can never take the connection that a decision or a stop needs. */
export interface Pools {
  readonly decisions: Sql;
  readonly commands: Sql;
  readonly reads: Sql;
  /** Waits up to five seconds for running queries, then cuts the connections. */
  end(): Promise<void>;
}

/** Whoever holds an organization's head lock holds up everybody in it: a frozen holder is cut off after two seconds. */
const underTheLock: ConnectionLimits = {
  lockTimeoutMs: 1_000,
  statementTimeoutMs: 2_000,
  idleInTransactionTimeoutMs: 2_000,
};

/** No transaction of ours outlives five seconds: one idle snapshot keeps dead rows and slows every commit. */
const reading: ConnectionLimits = {
  lockTimeoutMs: 1_000,
  statementTimeoutMs: 5_000,
  idleInTransactionTimeoutMs: 5_000,
};

/** Pools on the application's own role; nothing is connected until the first query. */
export function createPools(url: string, sizes: PoolSizes): Pools {
  const open = (purpose: keyof PoolSizes, limits: ConnectionLimits): Sql =>
    connectPostgres(url, { connections: sizes[purpose], applicationName: `countersign ${purpose}`, limits });
  const decisions = open('decisions', underTheLock);
  const commands = open('commands', underTheLock);
  const reads = open('reads', reading);
  const end = async (): Promise<void> => {
    await Promise.all([decisions, commands, reads].map((sql) => sql.end({ timeout: 5 })));
  };
  return { decisions, commands, reads, end };
}
