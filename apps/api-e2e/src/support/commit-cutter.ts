import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { AppendWatch } from './append-watch.ts';

/** How the next COMMIT is lost: Postgres gets it and nobody hears the answer, or Postgres never gets it. */
export type Cut = 'after it arrived' | 'before it arrived';

/** A TCP relay to Postgres that cuts a connection at its COMMIT when told to. */
export interface CommitCutter {
  readonly port: number;
  /** Cuts the next connection on which an append commits; resolves once it was cut. */
  cutNext(cut: Cut): Promise<void>;
  close(): Promise<void>;
}

interface Armed {
  readonly cut: Cut;
  readonly done: () => void;
}

export async function startCommitCutter(postgresPort: number): Promise<CommitCutter> {
  let armed: Armed | null = null;
  const sockets = new Set<Socket>();
  const disarm = () => {
    const taken = armed;
    armed = null;
    return taken;
  };
  const server = createServer((client) =>
    relay(client, { port: postgresPort, sockets, isArmed: () => armed !== null, disarm }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cutNext: (cut) => new Promise((done) => (armed = { cut, done })),
    close: () => closeAll(server, sockets),
  };
}

interface Relay {
  readonly port: number;
  readonly sockets: Set<Socket>;
  readonly isArmed: () => boolean;
  readonly disarm: () => Armed | null;
}

function relay(client: Socket, { port, sockets, isArmed, disarm }: Relay): void {
  const upstream = connect(port, '127.0.0.1');
  for (const socket of [client, upstream]) {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  }
  const drop = () => {
    client.destroy();
    upstream.destroy();
  };
  client.on('close', drop);
  upstream.on('close', drop);
  const watch = new AppendWatch();
  client.on('data', (chunk) => {
    const commits = watch.commitsAppend(chunk);
    if (!commits || !isArmed()) return void upstream.write(chunk);
    const taken = disarm();
    if (taken?.cut === 'before it arrived') drop();
    // The bytes must have left before the socket goes, and no answer may pass meanwhile.
    else {
      client.destroy();
      upstream.removeAllListeners('data');
      upstream.end(chunk);
    }
    taken?.done();
  });
  upstream.on('data', (chunk) => client.write(chunk));
}

async function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
}
