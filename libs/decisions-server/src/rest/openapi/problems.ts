import { httpProblems, type ProblemCode } from '@countersign/http';
import { agentProblems } from '../agent-problems.ts';
import { refTo } from './schemas.ts';

const problems: Readonly<Record<string, ProblemCode>> = { ...httpProblems, ...agentProblems };

export type DescribedProblem = keyof typeof httpProblems | keyof typeof agentProblems;

/** What any request with a key may meet. */
const always: readonly DescribedProblem[] = [
  'key.unknown',
  'key.revoked',
  'key.expired',
  'postgres.connection_lost',
  'database.away',
  'server.defect',
];

/** What a request with a body may meet besides. */
export const ofBodies: readonly DescribedProblem[] = [
  'request.invalid',
  'request.too_large',
  'request.unsupported_media_type',
  'server.busy',
];

/** What a request that is decided under the lock may meet besides. */
export const ofDecider: readonly DescribedProblem[] = [
  'key.scope',
  'agent.too_fast',
  'queue.full',
  'decision.failed',
  'decision.not_recorded',
  'decision.unknown',
  'clock.unsure',
];

/** One response a status, with the codes it can carry. */
export function problemResponses(codes: readonly DescribedProblem[]): Readonly<Record<string, object>> {
  const all = [...new Set([...always, ...codes])];
  const statuses = [...new Set(all.map((code) => String(problems[code]?.status)))];
  const of = (status: string) => all.filter((code) => String(problems[code]?.status) === status);
  return Object.fromEntries(statuses.map((status) => [status, problemResponse(status, of(status))]));
}

function problemResponse(status: string, codes: readonly DescribedProblem[]): object {
  const lines = codes.map((code) => `- \`${code}\`: ${problems[code]?.meaning} ${problems[code]?.remedy}`);
  const schema = { allOf: [refTo('Problem'), { properties: { code: { enum: codes } } }] };
  return {
    description: lines.join('\n'),
    ...headers[status],
    content: { 'application/problem+json': { schema } },
  };
}

const retryAfter = {
  headers: {
    'Retry-After': { description: 'Seconds until asking again makes sense.', schema: { type: 'integer', minimum: 0 } },
  },
};

const headers: Readonly<Record<string, object>> = {
  401: { headers: { 'WWW-Authenticate': { description: 'Always `Bearer`.', schema: { type: 'string' } } } },
  429: retryAfter,
  503: retryAfter,
};
