import { randomUUID } from 'node:crypto';
import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { httpProblems } from './problem-codes.ts';
import { problemBody, ProblemAnswer, type Problem } from './problem.ts';

/** Faults of the world around the ledger that pass by themselves: ask again. Anything else unexpected is our defect. */
const passing: ReadonlyMap<string, string> = new Map<keyof typeof httpProblems, string>([
  ['clock.unsure', 'the clocks do not agree, so nothing can be recorded just now: try again in a moment'],
  ['decision.not_recorded', 'the connection to the database was lost and nothing was recorded: try again'],
  [
    'decision.unknown',
    'the connection to the database was lost while recording: look whether it took effect before repeating it',
  ],
  ['database.away', 'the database does not answer just now: try again'],
  ['postgres.connection_lost', 'the connection to the database was lost: try again'],
]);

/** How many seconds a caller should wait who came too fast, or met a passing fault, where the problem does not say. */
const RETRY_AFTER_SECONDS = 1;
const RETRYABLE_STATUSES: readonly number[] = [429, 503];

/** Turns whatever ends a request into problem+json. What a defect said stays in the log, under a number to quote. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('http');

  /** GraphQL answers errors by itself, formatted by the same table: an error that is returned is one to it. */
  catch(error: unknown, host: ArgumentsHost): unknown {
    if (host.getType<string>() === 'graphql') return error;
    return this.answer(error, host.switchToHttp().getResponse<FastifyReply>());
  }

  /** Also for what ends before there is a route: a path that cannot be read. */
  answer(error: unknown, reply: FastifyReply): void {
    const problem = this.problemOf(error);
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (RETRYABLE_STATUSES.includes(problem.status))
      void reply.header('retry-after', String(problem['retryAfterSeconds'] ?? RETRY_AFTER_SECONDS));
    if (problem.status === 413) letFinish(reply);
    void reply.status(problem.status).type('application/problem+json').send(problemBody(problem));
  }

  /** What an error is to the caller. A defect is logged, under the number that the problem tells. */
  problemOf(error: unknown): Problem {
    if (error instanceof ProblemAnswer) return error.problem;
    const code = codeOf(error);
    const detail = passing.get(code) ?? databaseAway(code);
    if (detail) {
      this.#logger.warn(`${code}: ${error instanceof Error ? error.message : String(error)}`);
      return { status: 503, code: passing.has(code) ? code : 'database.away', title: 'Try again', detail };
    }
    return httpProblem(error) ?? this.#defect(error);
  }

  #defect(error: unknown): Problem {
    const number = randomUUID();
    this.#logger.error(`${number}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const detail = `something went wrong on our side; its log entry is ${number}`;
    return { status: 500, code: 'server.defect', title: 'Defect', detail };
  }
}

/** So much of a refused body is read and forgotten, at most. */
const FORGOTTEN_BYTES_MAX = 64 * 1_024 * 1_024;

/**
 * The framework closes the connection on a body that is too large, while its sender is still writing: the reset that
 * follows overtakes the answer, and the sender never learns why. What has a bearable end is let come to it.
 */
function letFinish(reply: FastifyReply): void {
  if (Number(reply.request.headers['content-length']) <= FORGOTTEN_BYTES_MAX) void reply.removeHeader('connection');
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** Drivers' and Postgres' own codes for a server that does not answer or not in time. */
function databaseAway(code: string): string | null {
  const isAway = /^(ECONN|ETIMEDOUT|EPIPE|CONNECT_|CONNECTION_|P1001|57P0|57014|55P03|53300|08)/.test(code);
  return isAway ? 'the database does not answer just now: try again' : null;
}

/** What the framework itself refused before anything of ours saw the request. */
function httpProblem(error: unknown): Problem | null {
  const status = statusOf(error);
  if (status === null || status >= 500) return null;
  const code = codeByStatus[status] ?? 'request.invalid';
  return { status, code, title: httpProblems[code].title, detail: `${messageOf(error)}${hints[code] ?? ''}` };
}

type HttpCode = keyof typeof httpProblems;

const codeByStatus: Readonly<Record<number, HttpCode>> = {
  404: 'request.no_such_route',
  413: 'request.too_large',
  415: 'request.unsupported_media_type',
};

/** The framework says what is wrong; what would be right is ours to say. */
const hints: Partial<Record<HttpCode, string>> = {
  'request.no_such_route': ': `/openapi.json` lists what agents may ask',
  'request.too_large': ': send at most 4 MiB in one request',
  'request.unsupported_media_type': ': send JSON, with `content-type: application/json`',
};

const messageOf = (error: unknown) => (error instanceof Error ? error.message : 'the request was refused');

function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('getStatus' in error && typeof error.getStatus === 'function') return Number(error.getStatus());
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null;
}
