import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';

export const ECHO_ROLE = '--role=echo';

/** The yardstick: a bare Fastify that parses a JSON body and sends it back. */
export async function serveEcho(): Promise<void> {
  const server = fastify({ logger: false });
  server.post('/echo', (request, reply) => reply.send(request.body));
  await server.listen({ port: 0, host: '127.0.0.1' });
  process.send?.({ port: (server.server.address() as AddressInfo).port });
  process.on('disconnect', () => process.exit(0));
}

export interface Echo {
  readonly port: number;
  close(): void;
}

export async function startEcho(): Promise<Echo> {
  const child: ChildProcess = fork(process.argv[1] ?? '', [ECHO_ROLE], { execArgv: process.execArgv });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { port, close: () => child.kill() };
}
