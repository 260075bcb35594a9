import { RefusedAgentKeys, SignIns, type SignedIn } from '@countersign/identity/people';
import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { credentialsOf, refuseAgents } from './credentials.ts';
import { identityProblem } from './identity-problems.ts';
import { assertOwnOrigin } from './origin-check.ts';
import { OwnSites } from './own-sites.ts';

type PersonsRequest = FastifyRequest & { signedIn?: SignedIn };

/** Finds out who a request is from: by session, which only our own pages may use, or by personal token. */
@Injectable()
export class RequestPerson {
  constructor(
    private readonly signIns: SignIns,
    private readonly agentKeys: RefusedAgentKeys,
    private readonly sites: OwnSites,
  ) {}

  /**
   * Null for nobody.
   *
   * @throws {ProblemAnswer} 403 for agent keys (recorded), and for what a page of another origin made a browser send.
   */
  async of(request: FastifyRequest): Promise<SignedIn | null> {
    await refuseAgents(request, this.agentKeys);
    const credentials = credentialsOf(request);
    // A browser adds cookies by itself and never a token.
    if (credentials.bearer === '') assertOwnOrigin(request, this.sites.trusted);
    return this.signIns.whoIs(credentials);
  }
}

/** Lets in who is signed in, and nobody else. */
@Injectable()
export class SignedInGuard implements CanActivate {
  constructor(private readonly person: RequestPerson) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<PersonsRequest>();
    const signedIn = await this.person.of(request);
    if (!signedIn) throw identityProblem('sign_in.required', 'sign in, or send `Authorization: Bearer csp_…`');
    request.signedIn = signedIn;
    return true;
  }
}

/** For what a token must not do, such as making tokens that may do more than it. Stands after `SignedInGuard`. */
@Injectable()
export class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (personOf(context).by === 'session') return true;
    throw identityProblem('sign_in.session_required', 'a personal token cannot do this: sign in');
  }
}

/** Who the guard let in. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): SignedIn => personOf(context));

function personOf(context: ExecutionContext): SignedIn {
  const { signedIn } = context.switchToHttp().getRequest<PersonsRequest>();
  if (!signedIn) throw new Error('a route reads who is signed in without SignedInGuard');
  return signedIn;
}
