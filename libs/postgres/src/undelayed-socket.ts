import { Socket } from 'node:net';

/** What the pinned driver hands to its undocumented `socket` option. */
interface Addresses {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

/** Of a socket that the driver would have opened itself: it reads the name for TLS from here. */
type DriverSocket = Socket & { host?: string; port?: number };

/**
 * Opens the driver's sockets with TCP_NODELAY, which it does not set itself. Without it the end of a batch waits until
 * Postgres has acknowledged its beginning, and Postgres has nothing to answer before the end: every so often a commit
 * took the 40 ms that Linux delays an acknowledgement (RFC 1122 §4.2.3.2 and §4.2.3.4).
 *
 * The socket is handed over while it connects, so that failures reach the driver by the events it listens to anyway.
 * Several hosts are tried in turn, as the driver does.
 */
export function undelayedSockets(): (addresses: Addresses) => Socket {
  let attempts = 0;
  return ({ host, port, path }) => {
    const socket: DriverSocket = new Socket();
    socket.setNoDelay(true);
    if (path) return socket.connect(path);
    const index = attempts % host.length;
    attempts += 1;
    socket.host = host[index] ?? 'localhost';
    socket.port = port[index] ?? 5432;
    return socket.connect(socket.port, socket.host);
  };
}
