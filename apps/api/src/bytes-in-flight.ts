import { httpProblems, ProblemAnswer, type ProblemFilter } from '@countersign/http';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * What the bodies of all requests under way may weigh together. Queues are bounded by count, and one action may be a
 * thousand times another: without this, a few thousand large ones would take the process, and everybody's answers, along.
 */
export const BYTES_IN_FLIGHT_MAX = 64 * 1_024 * 1_024;

/** Whoever takes longer to send a body gives way once room is needed. */
export const SLOW_MILLISECONDS = 2_000;

/** A body from its first byte until its request is answered or its caller hangs up. */
interface Body {
  bytes: number;
  isOver: boolean;
  readonly since: number;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Counts bodies by what has arrived of them, never by what was announced: sixteen connections that announce 4 MiB each
 * and send nothing would be enough to have everybody else refused, and need no key. Where that is too much together,
 * those that dawdle are refused first, and then whoever sends on.
 */
export function boundBytesInFlight(adapter: FastifyAdapter, problems: ProblemFilter): void {
  const bodies = new Set<Body>();
  let underWay = 0;

  const end = (body: Body) => {
    if (body.isOver) return;
    body.isOver = true;
    bodies.delete(body);
    underWay -= body.bytes;
  };
  const refuse = (body: Body, problem: ProblemAnswer) => {
    end(body);
    // The rest is read and forgotten, so that who is still sending hears the answer instead of a reset.
    body.request.raw.removeAllListeners('data').resume();
    if (problem === tooSlow) void body.reply.header('connection', 'close');
    problems.answer(problem, body.reply);
  };
  const makeRoom = (body: Body) => {
    const slowSince = performance.now() - SLOW_MILLISECONDS;
    for (const each of bodies) if (!each.request.raw.complete && each.since < slowSince) refuse(each, tooSlow);
    if (underWay > BYTES_IN_FLIGHT_MAX && !body.isOver) refuse(body, busy);
  };

  adapter.getInstance().addHook('preParsing', (request, reply, payload, done) => {
    if (!carriesBody(request)) return done(null, payload);
    const body: Body = { bytes: 0, isOver: false, since: performance.now(), request, reply };
    bodies.add(body);
    reply.raw.once('close', () => end(body));
    payload.on('data', (chunk: Buffer) => {
      if (body.isOver) return;
      body.bytes += chunk.length;
      underWay += chunk.length;
      if (underWay > BYTES_IN_FLIGHT_MAX) makeRoom(body);
    });
    done(null, payload);
  });
}

const carriesBody = ({ headers }: FastifyRequest) =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

const problemOf = (code: 'server.busy' | 'request.timeout', detail: string) =>
  new ProblemAnswer({ status: httpProblems[code].status, code, title: httpProblems[code].title, detail });

const busy = problemOf(
  'server.busy',
  'the requests under way weigh as much as may be: ask again in a moment, or send less at once',
);
const tooSlow = problemOf(
  'request.timeout',
  'the request did not arrive in time, and others need the room: send it again, at once as a whole',
);
