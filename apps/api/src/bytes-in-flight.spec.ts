import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProblemFilter } from '@countersign/http';
import { BYTES_IN_FLIGHT_MAX, SLOW_MILLISECONDS } from './bytes-in-flight.ts';
import { httpServer } from './http-server.ts';

const MIB = 1_024 * 1_024;
const LARGEST = 4 * MIB;
const adapter = httpServer(new ProblemFilter(), []);
const fastify = adapter.getInstance();
const sockets: Socket[] = [];
let port: number;

beforeAll(async () => {
  fastify.post('/echo', (_request, reply) => reply.send('heard'));
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  port = (fastify.server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await untilStatus(200);
});
afterAll(() => fastify.close());

const small = () =>
  fetch(`http://127.0.0.1:${port}/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify('x'.repeat(200)),
  });

interface Sender {
  readonly socket: Socket;
  /** What was answered so far. */
  readonly heard: () => string;
}

/** Says how much will come, sends so much of it, and waits. */
async function sender(framing: string, sent = 0): Promise<Sender> {
  let heard = '';
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined).on('data', (chunk) => (heard += chunk.toString()));
  await once(socket, 'connect');
  const head = `POST /echo HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`;
  await new Promise((resolve) => socket.write(head + 'x'.repeat(sent), resolve));
  return { socket, heard: () => heard };
}

/** Bodies of the largest size that lack their last byte, as many as it takes until there is no room. */
const crowd = () =>
  Promise.all(
    Array.from({ length: BYTES_IN_FLIGHT_MAX / LARGEST }, () => sender(`content-length: ${LARGEST}`, LARGEST - 1)),
  );

async function untilStatus(status: number): Promise<Response> {
  for (;;) {
    const answer = await small();
    if (answer.status === status) return answer;
    await answer.text();
  }
}

describe('bodies that weigh too much together', () => {
  it('leave no room for another, until their callers hang up', async () => {
    await crowd();
    const refused = await untilStatus(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ code: 'server.busy', status: 503 });

    for (const socket of sockets) socket.destroy();
    expect(await (await untilStatus(200)).text()).toBe('heard');
  });

  it('give way to others when they dawdle, and are told', async () => {
    const crowded = await crowd();
    await untilStatus(503);
    await pause(SLOW_MILLISECONDS + 100);
    expect((await small()).status).toBe(200);
    await expect.poll(() => crowded.every(({ heard }) => heard().includes('request.timeout'))).toBe(true);
    expect(crowded[0]?.heard()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('count by what has come of them: announcing much takes nobody’s room', async () => {
    const announced = Array.from({ length: 40 }, () => sender(`content-length: ${LARGEST}`));
    const endless = Array.from({ length: 40 }, () => sender('transfer-encoding: chunked'));
    await Promise.all([...announced, ...endless]);
    for (let time = 0; time < 5; time += 1) expect((await small()).status).toBe(200);
  });
});
