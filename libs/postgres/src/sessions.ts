import type { Row } from 'postgres';
import { ConnectionLost } from './connection-lost.ts';
import type { Sql } from './connection.ts';

/** What the pinned driver hands to `onexecute`: the only way to learn that a reserved connection has closed. */
interface DriverConnection {
  onclose: ((error: Error) => void) | null;
  execute: (query: DriverQuery) => boolean;
  /** Of a reserved connection: executes the next statement that waits behind a full pipeline, if there is one. */
  reserved: (() => unknown) | null;
}

interface DriverQuery extends PromiseLike<unknown> {
  reject(error: Error): void;
}

/** Makes a client of one connection; `onClose` is called whenever that closes. */
export type Connect = (onClose: () => void) => Sql;

/** One connection that nobody else uses meanwhile. */
export interface Session {
  readonly sql: Sql;
  /** Why the connection is gone; null while it is there. */
  lost(): Error | null;
}

/**
 * Sessions for pipelined transactions, kept open between them, at most `most` at once; whoever comes later waits.
 *
 * They are not taken from the driver's pool by its `reserve()`: an attempt that fails to connect leaves its place in the
 * driver's queue, where it swallows the next connection that opens. A minute without a database would cost a pool all
 * its connections, and every later transaction would wait for ever. Here each session has a client of its own, which is
 * thrown away with it.
 */
export class Sessions {
  readonly #most: number;
  readonly #connect: Connect;
  readonly #idle = new Set<OpenSession>();
  readonly #clients = new Set<Sql>();
  readonly #waiting: (() => void)[] = [];
  #hasEnded = false;
  #whenEmpty: (() => void) | null = null;

  constructor(most: number, connect: Connect) {
    this.#most = most;
    this.#connect = connect;
  }

  /** @throws the driver's error when Postgres cannot be reached. */
  async take(): Promise<Session> {
    while (this.#idle.size === 0 && this.#clients.size >= this.#most)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const [idle] = this.#idle;
    if (idle) this.#idle.delete(idle);
    return idle ?? this.#open();
  }

  /** Gives a session back after its transaction ended. A lost one is gone already. */
  give(session: Session): void {
    const open = session as OpenSession;
    if (open.lost() !== null) return;
    if (this.#hasEnded) return this.#discard(open.client, open);
    this.#idle.add(open);
    this.#waiting.shift()?.();
  }

  /** Lets transactions that run come to their end, so many seconds, and closes every connection. */
  async end(timeoutSeconds: number): Promise<void> {
    this.#hasEnded = true;
    for (const session of this.#idle) this.#discard(session.client, session);
    if (this.#clients.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
      timer = setTimeout(resolve, timeoutSeconds * 1_000);
    });
    clearTimeout(timer);
    for (const client of this.#clients) this.#discard(client, null);
  }

  async #open(): Promise<OpenSession> {
    if (this.#hasEnded) throw new Error('this pool has ended');
    let onClose = (): void => undefined;
    const closed = new Promise<never>((_, reject) => {
      onClose = () => reject(new ConnectionLost(new Error('the connection closed while it was opened')));
    });
    closed.catch(() => undefined);
    const client = this.#connect(() => onClose());
    this.#clients.add(client);
    try {
      const session = new OpenSession(client, await Promise.race([reserved(client), closed]));
      await session.watch(() => this.#discard(client, session));
      return session;
    } catch (error) {
      this.#discard(client, null);
      throw error;
    }
  }

  #discard(client: Sql, session: OpenSession | null): void {
    if (session) this.#idle.delete(session);
    this.#clients.delete(client);
    void client.end({ timeout: 0 }).catch(() => undefined);
    this.#waiting.shift()?.();
    if (this.#clients.size === 0) this.#whenEmpty?.();
  }
}

/**
 * The driver reserves a connection that is open. It would wait for ever for one that it has to open for that, and also
 * when the connection closes in between.
 */
async function reserved(client: Sql): Promise<Sql> {
  await client.unsafe('select');
  return (await client.reserve()) as unknown as Sql;
}

class OpenSession implements Session {
  readonly #running = new Set<DriverQuery>();
  #lost: Error | null = null;

  constructor(
    readonly client: Sql,
    readonly sql: Sql,
  ) {}

  lost(): Error | null {
    return this.#lost;
  }

  /** From now on `onLost` is called once, as soon as the connection closes, whether anything runs on it or not. */
  async watch(onLost: () => void): Promise<void> {
    const watched = (connection: DriverConnection) => {
      this.#trackQueries(connection);
      const executeNext = connection.reserved;
      connection.onclose = (error) => {
        this.#lose(connection, error, executeNext);
        onLost();
      };
      return true;
    };
    await (this.sql.unsafe('select', [], { onexecute: watched } as object) as unknown as PromiseLike<readonly Row[]>);
  }

  /** The driver forgets what is sent between a socket's error and its close: that would be waited for, for ever. */
  #trackQueries(connection: DriverConnection): void {
    const execute = connection.execute;
    connection.execute = (query) => {
      this.#running.add(query);
      const forget = () => void this.#running.delete(query);
      query.then(forget, forget);
      return execute(query);
    };
  }

  #lose(connection: DriverConnection, error: Error, executeNext: DriverConnection['reserved']): void {
    this.#lost = error;
    let refused = 0;
    // The driver would write to the closed socket in a timer of its own, and that ends the process.
    connection.execute = (query) => {
      refused += 1;
      query.reject(new ConnectionLost(error));
      return true;
    };
    for (const query of this.#running) query.reject(new ConnectionLost(error));
    // What waited behind a full pipeline was not sent at all, and the driver would leave it waiting.
    for (let before = -1; before < refused && executeNext;) {
      before = refused;
      executeNext();
    }
  }
}
