/** What drivers throw outside of any promise when a server vanishes: a write to a socket that has closed meanwhile. */
const DRIVER_FILE = /[\\/]node_modules[\\/](postgres|pg|pg-pool)[\\/]/;
const CONNECTION_CODE = /^(ECONN|EPIPE|ETIMEDOUT|CONNECTION_|CONNECT_|57P0|ERR_STREAM_|ERR_SOCKET_)/;

/** Whether an error that nobody caught only says that a connection to Postgres is gone. */
export function isLostConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && CONNECTION_CODE.test(String(error.code))) return true;
  // Thrown by the driver itself, not by something of ours that it called.
  const thrownAt = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return DRIVER_FILE.test(thrownAt ?? '');
}

/**
 * Keeps a process up when a driver throws where nobody can catch it because the server is gone: what waited for that
 * connection is refused by its own timeout or loss, and the next connection is a new one. Anything else is a defect and
 * ends the process, as it would have.
 */
export function surviveLostConnections(say: (line: string) => void): void {
  process.on('uncaughtException', (error) => {
    say(`uncaught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    if (!isLostConnection(error)) process.exit(1);
  });
}
