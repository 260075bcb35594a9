import { createHash } from 'node:crypto';
import { AgentAttempts } from '@countersign/agents';
import { ProblemAnswer } from '@countersign/http';
import type { Actor } from '@countersign/kernel';
import { createParamDecorator, Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { OperatorTokens } from '../application/operator-tokens.ts';

/** A request that the guard let in, with who is behind it. */
type OperatorRequest = FastifyRequest & { operator?: Actor };

/**
 * Lets in operator tokens and nothing else. An agent key is refused and the attempt recorded (I4); everything else is
 * refused in one and the same way, so that nobody learns what exists.
 */
@Injectable()
export class OperatorGuard implements CanActivate {
  readonly #logger = new Logger('operator');

  constructor(
    private readonly tokens: OperatorTokens,
    private readonly attempts: AgentAttempts,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<OperatorRequest>();
    request.operator = await this.actorOf(request);
    return true;
  }

  /** Also asked again at every wake-up of a request that waits: a revoked token stops receiving at once. */
  async actorOf(request: FastifyRequest): Promise<Actor> {
    const token = bearerOf(request.headers.authorization);
    if (token.startsWith('csk_')) return this.#refuseAgent(token, request);
    const operator = await this.tokens.find(token);
    if (!operator) throw unauthenticated();
    return { kind: 'operator', id: operator.label, method: 'operator-token', credential: operator.tokenId };
  }

  async #refuseAgent(key: string, { method, routeOptions }: FastifyRequest): Promise<never> {
    const operation = `${method} ${routeOptions.url ?? '(no such route)'}`;
    const keyHash = createHash('sha256').update(key).digest('hex');
    try {
      await this.attempts.record(keyHash, operation);
    } catch (error) {
      // The refusal stands whether or not it could be recorded; failing open is the one thing that must not happen.
      this.#logger.error(`an agent's attempt at ${operation} was refused but not recorded: ${String(error)}`);
    }
    throw new ProblemAnswer({
      status: 403,
      code: 'operator.agent_refused',
      title: 'Not for agents',
      detail:
        'agent keys (`csk_…`) cannot use the operator API; the attempt was recorded. Use an operator token (`cso_…`)',
    });
  }
}

/** Who the guard let in. */
export const Operator = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { operator } = context.switchToHttp().getRequest<OperatorRequest>();
  if (!operator) throw new Error('a route reads its operator without OperatorGuard');
  return operator;
});

const bearerOf = (header: string | undefined) => /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '';

const unauthenticated = () =>
  new ProblemAnswer({
    status: 401,
    code: 'operator.unauthenticated',
    title: 'Not signed in',
    detail: 'send a valid operator token: `Authorization: Bearer cso_…`',
  });
