import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { httpProblems } from './problem-codes.ts';
import { problemBody, type Problem } from './problem.ts';

/** The parser's own code for what it could not read. */
interface ParserError extends Error {
  readonly code?: string;
}

const codeOf: Readonly<Record<string, keyof typeof httpProblems>> = {
  HPE_HEADER_OVERFLOW: 'request.headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'request.too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
};

const details: Partial<Record<keyof typeof httpProblems, string>> = {
  'request.headers_too_large': 'the headers are too large: send at most 16 KiB of them',
  'request.too_large': 'the body is framed by more than what it carries: send it in fewer or plainer chunks',
  'request.timeout': 'the request did not arrive in time: send it again, at once as a whole',
};

/** For what a connection sends that never becomes a request: the parser's refusals, as the problems they are. */
export function answerClientError(error: ParserError, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET' || isAnswering(socket)) return void socket.destroy(error);
  const code = codeOf[error.code ?? ''] ?? 'request.invalid';
  const { status, title } = httpProblems[code];
  // What the parser says has no words of the request in it, only what it expected.
  const detail = details[code] ?? `this is not HTTP as it can be read: ${error.message}`;
  socket.end(rawAnswer({ status, code, title, detail }), () => socket.destroy(error));
}

/** The proxies' method: nobody asked us to be one, and Node would close the connection without a word. */
export function answerConnect(_request: unknown, socket: Duplex): void {
  const { status, title } = httpProblems['request.no_such_route'];
  socket.end(
    rawAnswer({ status, code: 'request.no_such_route', title, detail: 'this is no proxy: nothing is connected here' }),
  );
}

interface Answering extends Socket {
  /** Node's own name for the answer that this connection waits for. */
  readonly _httpMessage?: { readonly headersSent: boolean; readonly req: { readonly complete: boolean } } | null;
}

/**
 * Bytes in the middle of an answer that has begun would be taken for a part of it, as Node's own handler knows. And a
 * request that arrived as a whole may be decided already: what comes behind it on the same connection must not be
 * answered in its place, for an allow would look refused.
 */
function isAnswering(socket: Socket): boolean {
  const { _httpMessage: answer } = socket as Answering;
  return answer?.headersSent === true || answer?.req.complete === true;
}

function rawAnswer(problem: Problem): string {
  const body = JSON.stringify(problemBody(problem));
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
