import { createServer, type AddressInfo } from 'node:net';

/** A TCP port nobody listens on at this moment, on the loopback interface. */
export function freePort(): Promise<number> {
  return listening(0);
}

/** Whether this port of the loopback interface can be listened on now. */
export async function isPortFree(port: number): Promise<boolean> {
  return listening(port).then(
    () => true,
    () => false,
  );
}

function listening(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const chosen = (server.address() as AddressInfo).port;
      server.close(() => resolve(chosen));
    });
  });
}
