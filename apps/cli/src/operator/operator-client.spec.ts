import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OperatorClient, ServerRefused } from './operator-client.ts';

let server: Server;
let client: OperatorClient;
let answer: { status: number; type: string; body: string };
let seen: { url?: string | undefined; authorization?: string | undefined; body: string };

beforeEach(async () => {
  answer = { status: 200, type: 'application/json', body: '{}' };
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      seen = { url: request.url, authorization: request.headers.authorization, body };
      response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new OperatorClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'cso_x');
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

describe('the operator client', () => {
  it('sends the token and the body, and gives the answer', async () => {
    answer.body = '{"position":7}';
    expect(await client.post('/operator/organizations', { name: 'acme' })).toEqual({ position: 7 });
    expect(seen).toEqual({ url: '/operator/organizations', authorization: 'Bearer cso_x', body: '{"name":"acme"}' });
  });

  it('says what the server refused, with its code, and exits with 3', async () => {
    answer = {
      status: 409,
      type: 'application/problem+json',
      body: '{"status":409,"code":"agents.name_taken","detail":"Agent `mailer` exists already."}',
    };
    const error = await client.get('/x').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ServerRefused);
    expect(error).toMatchObject({ exitCode: 3, message: 'Agent `mailer` exists already. [agents.name_taken]' });
  });

  it('lists every field when several are wrong', async () => {
    const errors = [
      { field: 'name', code: 'c', message: 'is missing' },
      { field: 'allow[0]', code: 'c', message: 'no pattern', line: 4 },
    ];
    answer = {
      status: 422,
      type: 'application/problem+json',
      body: JSON.stringify({ code: 'policies.invalid', detail: 'two things', errors }),
    };
    await expect(client.get('/x')).rejects.toThrow(
      'two things [policies.invalid]\n  name: is missing\n  line 4 (allow[0]): no pattern',
    );
  });

  it.each([
    [503, 4],
    [500, 4],
    [401, 3],
  ])('an HTTP %i without words of ours exits with %i', async (status, exitCode) => {
    answer = { status, type: 'text/html', body: '<h1>no</h1>' };
    await expect(client.get('/x')).rejects.toMatchObject({ exitCode });
  });

  it('an answer that is not JSON is no answer', async () => {
    answer.body = 'hello';
    await expect(client.get('/x')).rejects.toMatchObject({ exitCode: 4 });
  });

  it('a server that is not there is one line, and exits with 4', async () => {
    await expect(new OperatorClient('http://127.0.0.1:1', 'x').get('/x')).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('cannot be reached'),
    });
  });
});
