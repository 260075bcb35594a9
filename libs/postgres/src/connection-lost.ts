/** The connection died. What was sent on it may or may not have happened. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly code = 'postgres.connection_lost';

  constructor(cause: Error) {
    super('the connection to Postgres was lost', { cause });
  }
}
