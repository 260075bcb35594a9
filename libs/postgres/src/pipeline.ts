import type { Row, RowList } from 'postgres';
import { ConnectionLost } from './connection-lost.ts';
import { sessionsOf, type Sql } from './connection.ts';
import type { Session } from './sessions.ts';

/** A statement with its parameters, in the driver's own tagged form. */
type Statement<Result extends readonly Row[]> = PromiseLike<RowList<Result[number][] & Result>> & {
  execute(): unknown;
};

/**
 * A transaction whose statements are sent at once and executed in order: it costs as many round trips as it has
 * decisions in between, not as many as it has statements.
 */
export interface PipelinedTransaction {
  readonly sql: Sql;
  /** Sends without waiting. The answer must be awaited through `settled`, with everything sent beside it. */
  send<Result extends readonly Row[]>(statement: Statement<Result>): Promise<RowList<Result[number][] & Result>>;
  /**
   * Sends COMMIT behind what was sent. Postgres answers ROLLBACK without an error if a statement before it failed, so
   * it means committed only where everything sent before it succeeded.
   */
  commit(): Promise<void>;
}

/**
 * Runs `work` in a READ COMMITTED transaction of its own connection, which `work` ends by `commit`; anything else is
 * rolled back. A connection that dies is never used again nor handed back: the driver would write to its closed socket
 * outside of any promise and take the process with it.
 *
 * @throws {ConnectionLost} from `send` once the connection is known dead; the driver's own errors otherwise.
 */
export async function inPipelinedTransaction<Result>(
  sql: Sql,
  work: (transaction: PipelinedTransaction) => Promise<Result>,
): Promise<Result> {
  const sessions = sessionsOf(sql);
  const session = await sessions.take();
  const run = startOn(session);
  try {
    const [, result] = await settled([run.begin(), work(run.transaction)]);
    return result;
  } finally {
    await run.end();
    sessions.give(session);
  }
}

function startOn(session: Session) {
  const { sql } = session;
  let isOpen = true;
  const send: PipelinedTransaction['send'] = (statement) => {
    const cause = session.lost();
    if (cause) return Promise.reject(new ConnectionLost(cause));
    statement.execute();
    return Promise.resolve(statement);
  };
  const commit = async () => {
    const sent = send(sql`commit`);
    isOpen = false;
    await sent;
  };
  const end = async () => {
    if (isOpen) await send(sql`rollback`).catch(() => undefined);
  };
  const begin = () => send(sql.unsafe('begin') as unknown as Statement<Row[]>);
  return { transaction: { sql, send, commit } satisfies PipelinedTransaction, begin, end };
}

/** Waits for everything, then answers or throws the first failure in order: nothing is left running or unheard. */
export async function settled<const Sent extends readonly PromiseLike<unknown>[]>(
  sent: Sent,
): Promise<{ -readonly [Index in keyof Sent]: Awaited<Sent[Index]> }> {
  const results = await Promise.allSettled(sent);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as never;
}
