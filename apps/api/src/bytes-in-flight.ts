import { httpProblems, ProblemAnswer, type ProblemFilter } from '@countersign/http';
import type { FastifyAdapter } from '@nestjs/platform-fastify';

/**
 * What the bodies of all requests under way may weigh together. Queues are bounded by count, and one action may be a
 * thousand times another: without this, a few thousand large ones would take the process, and everybody's answers, along.
 */
export const BYTES_IN_FLIGHT_MAX = 64 * 1_024 * 1_024;

/** Refuses by what a request says it weighs, before its body is read; one that does not say counts as the largest. */
export function boundBytesInFlight(adapter: FastifyAdapter, problems: ProblemFilter, bodyBytesMax: number): void {
  let underWay = 0;
  const server = adapter.getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    const bytes = bytesOf(request.raw.headers, bodyBytesMax);
    if (bytes === 0) return done();
    if (underWay + bytes > BYTES_IN_FLIGHT_MAX) return problems.answer(busy, reply);
    underWay += bytes;
    // Whether it is answered or its caller hangs up.
    reply.raw.once('close', () => (underWay -= bytes));
    done();
  });
}

function bytesOf(headers: NodeJS.Dict<string | string[]>, bodyBytesMax: number): number {
  const length = headers['content-length'];
  if (length !== undefined) return Math.min(Number(length), bodyBytesMax);
  return headers['transfer-encoding'] === undefined ? 0 : bodyBytesMax;
}

const busy = new ProblemAnswer({
  status: 503,
  code: 'server.busy',
  title: httpProblems['server.busy'].title,
  detail: 'the requests under way weigh as much as may be: ask again in a moment, or send less at once',
});
