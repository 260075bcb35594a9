import postgres from 'postgres';
import { Sessions } from './sessions.ts';
import { undelayedSockets } from './undelayed-socket.ts';

/**
 * A pool of connections. `int8` arrives as `bigint` and nothing else does: a driver that sometimes gives a number
 * and sometimes a string turns money into a guess. Positions, which fit a number, go through `safeInteger`.
 */
export type Sql = postgres.Sql<{ bigint: bigint }>;
export type Transaction = postgres.TransactionSql<{ bigint: bigint }>;
/** A pool, a reserved connection or a transaction: whatever a query can be sent on. */
export type Queryable = postgres.ISql<{ bigint: bigint }>;

/** How long the server lets a session wait, in milliseconds. Sent when the connection opens, so every transaction has them. */
export interface ConnectionLimits {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
}

interface ConnectionOptions {
  readonly connections: number;
  /** Shown in `pg_stat_activity`, so that an operator sees which pool holds a lock. */
  readonly applicationName: string;
  readonly limits: ConnectionLimits;
}

const sessionsByPool = new WeakMap<Sql, Sessions>();

/**
 * Opens a pool. Connections are made when first needed; a lost one is replaced by the next query.
 * Pipelined transactions run on as many sessions beside it; ending the pool ends them too.
 */
export function connectPostgres(url: string, options: ConnectionOptions): Sql {
  const pool = openClient(url, options);
  const sessions = new Sessions(options.connections, (onClose) =>
    openClient(url, { ...options, connections: 1 }, onClose),
  );
  sessionsByPool.set(pool, sessions);
  const endPool = pool.end;
  pool.end = async (how) => {
    await Promise.all([endPool(how), sessions.end(how?.timeout ?? SESSIONS_END_SECONDS)]);
  };
  return pool;
}

/** How long a transaction that runs may go on when its pool ends without saying. */
const SESSIONS_END_SECONDS = 5;

/** The sessions beside a pool that `connectPostgres` opened. */
export function sessionsOf(pool: Sql): Sessions {
  const sessions = sessionsByPool.get(pool);
  if (!sessions)
    throw new Error('only a pool of connectPostgres has sessions: a reserved connection or a transaction has none');
  return sessions;
}

/** Notices are dropped: they may quote data. */
function openClient(
  url: string,
  { connections, applicationName, limits }: ConnectionOptions,
  onClose?: () => void,
): Sql {
  const driverOnly = { socket: undelayedSockets() };
  return postgres(url, {
    ...driverOnly,
    max: connections,
    connect_timeout: 5,
    onnotice: () => undefined,
    // It would ask every new connection for the types of arrays, in a promise that nobody hears: a server that dies then
    // ends the process, and whoever waits for the connection waits for ever. So no array may be selected, only its text.
    fetch_types: false,
    ...(onClose && { onclose: onClose }),
    types: { bigint: postgres.BigInt },
    connection: {
      application_name: applicationName,
      lock_timeout: limits.lockTimeoutMs,
      statement_timeout: limits.statementTimeoutMs,
      idle_in_transaction_session_timeout: limits.idleInTransactionTimeoutMs,
      // I1: a role or database default must not be able to turn the acknowledgement into a hope.
      synchronous_commit: 'on',
      TimeZone: 'UTC',
      // Prepared statements keep the plan of their first days. Made on tables that were still small it would scan them
      // for ever; everything here is asked by an index.
      enable_seqscan: 'off',
    },
  });
}

/** A position, size or instant as the plain number it is everywhere else. @throws RangeError beyond 2^53 - 1. */
export function safeInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} does not fit a safe integer`);
  return number;
}
