import { ProblemAnswer } from '@countersign/http';
import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AgentKeys } from '../application/agent-keys.ts';
import { KeyUses } from '../application/key-uses.ts';
import { LiveKeys } from '../application/live-keys.ts';
import type { Caller } from '../application/pending.ts';
import { faultProblem, unauthenticated } from './fault-problem.ts';

type AgentRequest = FastifyRequest & { caller?: Caller };

/** Lets in agent keys and nothing else. Whether a key may still act is judged under the lock, where it is exact. */
@Injectable()
export class AgentGuard implements CanActivate {
  constructor(
    private readonly keys: AgentKeys,
    private readonly uses: KeyUses,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AgentRequest>();
    request.caller = await this.callerOf(request);
    return true;
  }

  /** @throws {ProblemAnswer} 401 for anything but an agent key. */
  async callerOf({ headers: { authorization = '' } }: FastifyRequest): Promise<Caller> {
    const [, key = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const caller = await this.keys.callerOf(key);
    if (!caller) throw unauthenticated();
    this.uses.note(caller);
    return caller;
  }
}

/** For requests that take no lock: after `AgentGuard`, it asks whether the key is still good. */
@Injectable()
export class LiveKeyGuard implements CanActivate {
  constructor(private readonly live: LiveKeys) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { caller } = context.switchToHttp().getRequest<AgentRequest>();
    if (!caller) throw unauthenticated();
    await this.live.check(caller).catch((error: unknown) => {
      throw faultProblem(error);
    });
    return true;
  }
}

/** Who the guard let in. */
export const CallingAgent = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<AgentRequest>();
  if (!caller) throw new ProblemAnswer({ status: 500, code: 'server.defect', title: 'Defect', detail: 'no guard' });
  return caller;
});
