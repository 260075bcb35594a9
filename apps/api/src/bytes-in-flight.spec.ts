import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProblemFilter } from '@countersign/http';
import { BYTES_IN_FLIGHT_MAX } from './bytes-in-flight.ts';
import { httpServer } from './http-server.ts';

const MIB = 1_024 * 1_024;
const adapter = httpServer(new ProblemFilter(), []);
const fastify = adapter.getInstance();
let port: number;

beforeAll(async () => {
  fastify.post('/echo', (_request, reply) => reply.send('heard'));
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  port = (fastify.server.address() as AddressInfo).port;
});

afterAll(() => fastify.close());

const small = () =>
  fetch(`http://127.0.0.1:${port}/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify('x'.repeat(200)),
  });

/** Says how much will come, and does not send it. */
async function waiting(weight: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`POST /echo HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n${weight}\r\n\r\n`);
  return socket;
}

async function untilStatus(status: number): Promise<Response> {
  for (;;) {
    const answer = await small();
    if (answer.status === status) return answer;
    await answer.text();
  }
}

it('refuses what would weigh too much together, and goes on once callers hang up', async () => {
  const sockets = await Promise.all(
    Array.from({ length: BYTES_IN_FLIGHT_MAX / (4 * MIB) - 1 }, () => waiting(`content-length: ${4 * MIB}`)),
  );
  expect((await small()).status).toBe(200);
  // Nobody knows how much this one will be, so it counts as the largest.
  sockets.push(await waiting('transfer-encoding: chunked'));

  const refused = await untilStatus(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ code: 'server.busy', status: 503 });

  for (const socket of sockets) socket.destroy();
  expect(await (await untilStatus(200)).text()).toBe('heard');
});
