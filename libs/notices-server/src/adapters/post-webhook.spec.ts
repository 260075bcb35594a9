import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressRefused, lookupAmong, postWebhook } from './post-webhook.ts';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function receiver(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { seen, port: (server.address() as AddressInfo).port };
}

const allowed = { isPrivateAllowed: true, timeoutMs: 1_000 };
const refused = { isPrivateAllowed: false, timeoutMs: 1_000 };
const post = (url: string) => ({ url, headers: {}, body: '{"type":"stop.placed"}' });

describe('a webhook', () => {
  it.each([
    'http://127.0.0.1',
    'http://2130706433',
    'http://0177.0.0.1',
    'http://0x7f.1',
    'http://127.1',
    'http://0',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://localhost',
    'http://127.0.0.1.',
    'http://①②⑦.⓪.⓪.①',
  ])('is not sent to this machine, however it is written: %s', async (host) => {
    const { port, seen } = await receiver((_request, response) => response.end());
    await expect(postWebhook(post(`${host}:${port}/hook`), refused)).rejects.toThrow(AddressRefused);
    expect(seen).toEqual([]);
  });

  it('reaches it where that is allowed', async () => {
    const { port, seen } = await receiver((_request, response) => response.writeHead(204).end());
    expect(await postWebhook(post(`http://127.0.0.1:${port}/hook`), allowed)).toBe(204);
    expect(seen).toEqual(['POST /hook']);
  });

  it('follows no redirect', async () => {
    const { port, seen } = await receiver((_request, response) =>
      response.writeHead(307, { location: `/elsewhere` }).end(),
    );
    expect(await postWebhook(post(`http://127.0.0.1:${port}/hook`), allowed)).toBe(307);
    expect(seen).toEqual(['POST /hook']);
  });

  it('gives up a receiver that says nothing', async () => {
    const { port } = await receiver(() => undefined);
    const trying = postWebhook(post(`http://127.0.0.1:${port}/`), { ...allowed, timeoutMs: 200 });
    await expect(trying).rejects.toThrow();
  });

  it('reads no answer without an end', async () => {
    let isCut = false;
    const { port } = await receiver((_request, response) => {
      response.writeHead(200);
      response.on('close', () => (isCut = true));
      const more = () => void (!isCut && response.write('x'.repeat(65_536)) && setImmediate(more));
      response.on('drain', more);
      more();
    });
    expect(await postWebhook(post(`http://127.0.0.1:${port}/`), { ...allowed, timeoutMs: 5_000 })).toBe(200);
    await expect.poll(() => isCut).toBe(true);
  });
});

describe('a name', () => {
  const found = (...addresses: readonly string[]) =>
    new Promise((resolve) => {
      const among = lookupAmong(async () =>
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
      among('hooks.example.com', { all: true }, (error, answer) => resolve(error ?? answer));
    });

  it('leads to public addresses, and to those that were looked at', async () => {
    expect(await found('8.8.8.8', '2606:4700::1111')).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  it.each([
    ['a private address', ['10.0.0.1']],
    ['a private one behind a public one', ['8.8.8.8', '169.254.169.254']],
    ['a mapped one', ['::ffff:10.0.0.1']],
    ['nothing', []],
  ])('leads nowhere when it leads to %s', async (_what, addresses) =>
    expect(await found(...addresses)).toBeInstanceOf(AddressRefused),
  );
});
