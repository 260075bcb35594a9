import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerClientError, answerConnect } from './client-error.ts';

let server: Server;
beforeEach(async () => {
  // Answers begin at once and end on the second chunk of the request, so that one can be under way.
  server = createServer(
    { requestTimeout: 100, headersTimeout: 100, connectionsCheckingInterval: 20 },
    (request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).write('begun ');
      request.resume().on('end', () => setTimeout(() => response.end('ended'), 50));
    },
  );
  server.on('clientError', answerClientError);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** Everything that comes back until the connection is closed. */
function send(...parts: string[]): Promise<string> {
  const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => undefined).on('close', () => resolve(text));
    for (const part of parts) socket.write(part);
  });
}

function problemIn(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [status = '', ...headers] = head.split('\r\n');
  return { status, headers, body: JSON.parse(body) as unknown };
}

describe('what never becomes a request', () => {
  it.each([
    ['431', 'request.headers_too_large', `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['400', 'request.invalid', 'this is no HTTP\r\n\r\n'],
    ['400', 'request.invalid', 'GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['408', 'request.timeout', 'GET / HTTP/1.1\r\nhost: x\r\n'],
  ])('is answered %s with %s as problem+json', async (status, code, bytes) => {
    const answer = problemIn(await send(bytes));
    expect(answer.status).toMatch(`HTTP/1.1 ${status} `);
    expect(answer.headers).toContain('content-type: application/problem+json');
    expect(answer.body).toMatchObject({ status: Number(status), code });
  });

  it('answers a request that arrived as a whole in no other way than its own', async () => {
    server.removeAllListeners('request').on('request', (request: IncomingMessage, response: ServerResponse) => {
      request.resume().on('end', () => setTimeout(() => response.end('decided'), 50));
    });
    // Its answer is still being made when what follows turns out to be no HTTP.
    expect(await send('GET / HTTP/1.1\r\nhost: x\r\n\r\nthis is no HTTP\r\n\r\n')).toBe('');
    const broken = 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n';
    expect(problemIn(await send(broken)).body).toMatchObject({ code: 'request.invalid' });
  });

  it('says that it is no proxy', async () => {
    server.on('connect', answerConnect);
    const answer = problemIn(await send('CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n'));
    expect([answer.status, answer.body]).toMatchObject(['HTTP/1.1 404 Not Found', { code: 'request.no_such_route' }]);
  });

  it('says nothing in the middle of an answer that has begun', async () => {
    const answer = await send('GET / HTTP/1.1\r\nhost: x\r\n\r\n', 'this is no HTTP\r\n\r\n');
    expect(answer).not.toContain('problem+json');
  });
});
