import { once } from 'node:events';
import { createServer, Socket, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { undelayedSockets } from './undelayed-socket.ts';

describe('undelayedSockets', () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });

  afterEach(() => {
    vi.restoreAllMocks();
    server.close();
  });

  it('never delays what is sent', async () => {
    const delays = vi.spyOn(Socket.prototype, 'setNoDelay');
    const socket = undelayedSockets()({ host: ['127.0.0.1'], port: [port] });
    await once(socket, 'connect');
    expect(delays.mock.contexts).toContain(socket);
    expect(delays.mock.calls).toEqual([[true]]);
    socket.destroy();
  });

  it('hands over a socket that fails by an event, and tries the next host then', async () => {
    const open = undelayedSockets();
    const addresses = { host: ['127.0.0.1', '127.0.0.1'], port: [1, port] };
    const failed = open(addresses);
    const [error] = (await once(failed, 'error')) as [Error];
    expect(error.message).toContain('ECONNREFUSED');
    const connected = open(addresses);
    await once(connected, 'connect');
    expect(connected.remotePort).toBe(port);
    connected.destroy();
  });

  it('says which host it is of, because TLS checks that name', () => {
    const socket = undelayedSockets()({ host: ['db.example'], port: [port] });
    socket.on('error', () => undefined);
    expect(socket).toMatchObject({ host: 'db.example', port });
    socket.destroy();
  });
});
