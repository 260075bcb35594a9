import { createHash } from 'node:crypto';
import type { Credentials, RefusedAgentKeys } from '@countersign/identity/people';
import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { identityProblem } from './identity-problems.ts';

export const credentialsOf = ({ headers: { cookie = '', authorization = '' } }: FastifyRequest): Credentials => ({
  cookie,
  bearer: /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '',
});

const logger = new Logger('people');

/**
 * Agents stay agents (I4): whoever sends an agent key to a route of people is refused, whatever else the request
 * carries, and the attempt is recorded.
 *
 * @throws {ProblemAnswer} 403.
 */
export async function refuseAgents(request: FastifyRequest, keys: RefusedAgentKeys): Promise<void> {
  const { bearer } = credentialsOf(request);
  if (!bearer.startsWith('csk_')) return;
  const operation = `${request.method} ${request.routeOptions.url ?? '(no such route)'}`;
  try {
    await keys.record(createHash('sha256').update(bearer).digest('hex'), operation);
  } catch (error) {
    // The refusal stands whether or not it could be recorded; failing open is the one thing that must not happen.
    logger.error(`an agent's attempt at ${operation} was refused but not recorded: ${String(error)}`);
  }
  throw identityProblem(
    'sign_in.agent_refused',
    'agent keys (`csk_…`) cannot act as a person; the attempt was recorded',
  );
}
