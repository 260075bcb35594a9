import { answerClientError, invalidRequest, ProblemFilter } from '@countersign/http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { boundBytesInFlight } from './bytes-in-flight.ts';

/** A batch of 500 actions may weigh this much. */
const BODY_BYTES_MAX = 4 * 1_024 * 1_024;

/** Nobody may hold a connection open by sending a request drop by drop. */
const REQUEST_MILLISECONDS_MAX = 60_000;

/** The HTTP server of the api. Whatever it refuses, down to bytes that are no request, it refuses as problem+json. */
export function httpServer(problems: ProblemFilter, trustedProxies: readonly string[]): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    // Only proxies of ours say whom they forward; from anybody else it would be a way around every limit.
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    requestTimeout: REQUEST_MILLISECONDS_MAX,
    // Node would answer without a word; `refuseWithoutHost` has one.
    http: { requireHostHeader: false },
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: Error, _request: unknown, reply: FastifyReply) => problems.answer(error, reply),
  });
  const fastify = adapter.getInstance();
  // What is not said to be JSON is not read as JSON.
  fastify.removeContentTypeParser('text/plain');
  // JSON arrives as text: it is read strictly where its limits are known, and never twice.
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  // For each route, because a plugin that boots the server before the framework has said how would leave it unsaid. What
  // is wrong with a GraphQL request is answered in GraphQL's own shape.
  fastify.addHook('onRoute', (route) => {
    if (route.url !== '/graphql') route.errorHandler ??= (error, _request, reply) => problems.answer(error, reply);
  });
  // An expectation that we do not know may be ignored (RFC 9110 section 10.1.1); Node would end the request, without a word.
  fastify.server.on('checkExpectation', (request, response) => fastify.server.emit('request', request, response));
  refuseWithoutHost(adapter, problems);
  boundBytesInFlight(adapter, problems, BODY_BYTES_MAX);
  return adapter;
}

/** RFC 9112 section 3.2: a request of HTTP/1.1 without `Host` is refused. */
function refuseWithoutHost(adapter: FastifyAdapter, problems: ProblemFilter): void {
  const missing = invalidRequest([{ field: 'host', code: 'field.missing', message: 'is missing: send the header' }]);
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    const { headers, httpVersion } = request.raw;
    if (headers.host !== undefined || httpVersion !== '1.1') return done();
    void reply.header('connection', 'close');
    problems.answer(missing, reply);
  });
}
