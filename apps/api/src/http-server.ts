import { isUtf8 } from 'node:buffer';
import {
  answerClientError,
  answerConnect,
  httpProblems,
  invalidRequest,
  ProblemAnswer,
  ProblemFilter,
  refuse,
} from '@countersign/http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { boundBytesInFlight } from './bytes-in-flight.ts';

/** A batch of 500 actions may weigh this much. */
const BODY_BYTES_MAX = 4 * 1_024 * 1_024;

/** Nobody may hold a connection open by sending a request drop by drop. */
const REQUEST_MILLISECONDS_MAX = 60_000;

/** How often that is looked at. Node's own half a minute would make a minute one and a half. */
const REQUESTS_CHECKED_MILLISECONDS = 5_000;

/** The HTTP server of the api. Whatever it refuses, down to bytes that are no request, it refuses as problem+json. */
export function httpServer(problems: ProblemFilter, trustedProxies: readonly string[]): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    // Only proxies of ours say whom they forward; from anybody else it would be a way around every limit.
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    requestTimeout: REQUEST_MILLISECONDS_MAX,
    // Node would answer a missing `Host` without a word; `refuseUnclear` has one.
    http: { requireHostHeader: false, connectionsCheckingInterval: REQUESTS_CHECKED_MILLISECONDS },
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: Error, _request: unknown, reply: FastifyReply) => problems.answer(error, reply),
  });
  const fastify = adapter.getInstance();
  // What is not said to be JSON is not read as JSON.
  fastify.removeContentTypeParser('text/plain');
  // JSON arrives as text: it is read strictly where its limits are known, and never twice.
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    isUtf8(body as Buffer) ? done(null, body.toString('utf8')) : done(notUtf8),
  );
  // For each route, because a plugin that boots the server before the framework has said how would leave it unsaid. What
  // is wrong with a GraphQL request is answered in GraphQL's own shape.
  fastify.addHook('onRoute', (route) => {
    if (route.url !== '/graphql') route.errorHandler ??= (error, _request, reply) => problems.answer(error, reply);
  });
  // An expectation that we do not know may be ignored (RFC 9110 section 10.1.1); Node would end the request, without a word.
  fastify.server.on('checkExpectation', (request, response) => fastify.server.emit('request', request, response));
  fastify.server.on('connect', answerConnect);
  refuseUnclear(adapter, problems);
  boundBytesInFlight(adapter, problems);
  return adapter;
}

/** What is not UTF-8 would be decided on, and shown to people, as other words than those that were sent. */
const notUtf8 = invalidRequest([{ field: '(body)', code: 'json.syntax', message: 'is not UTF-8' }]);

/** Before the body is read, and in RFC 9112's words: sections 3.2 and 6.1. */
function refuseUnclear(adapter: FastifyAdapter, problems: ProblemFilter): void {
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    const unclear = unclearIn(request);
    if (unclear === null) return done();
    void reply.header('connection', 'close');
    if (unclear === encoded) void reply.header('accept-encoding', 'identity');
    problems.answer(unclear, reply);
  });
}

/** A body that is said to be encoded is not read as if it were plain: whoever else reads it may take it at its word. */
function unclearIn({ raw: { headers, httpVersion } }: FastifyRequest): ProblemAnswer | null {
  if (headers.host === undefined && httpVersion === '1.1') return noHost;
  const { 'content-encoding': encoding, 'transfer-encoding': framing } = headers;
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return encoded;
  return framing === undefined || framing.toLowerCase() === 'chunked' ? null : framed;
}

const noHost = invalidRequest([{ field: 'host', code: 'field.missing', message: 'is missing: send the header' }]);
const framed = invalidRequest([
  { field: 'transfer-encoding', code: 'field.invalid', message: 'can only be `chunked`: send the body as it is' },
]);
const encoded = refuse(
  httpProblems['request.unsupported_media_type'].status,
  'request.unsupported_media_type',
  httpProblems['request.unsupported_media_type'].title,
  'a body in a `content-encoding` is not read: send it as it is',
);
