import { notFound, readWire, wireBody } from '@countersign/http';
import { RefusedAgentKeys } from '@countersign/identity/people';
import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SignInGate } from '../application/sign-in-gate.ts';
import { TooManyAttempts } from '../application/sign-in-throttle.ts';
import { authRoutes, type AuthRoute, type Body } from './auth-routes.ts';
import { refuseAgents } from './credentials.ts';
import { identityProblem } from './identity-problems.ts';
import { problemOfRefusal, withoutSessionToken } from './library-answer.ts';
import { assertOwnOrigin } from './origin-check.ts';
import { OwnSites } from './own-sites.ts';

const BASE = '/api/auth';

/** Signing in and out, passwords and second factors: the library's routes, as far as we serve them. */
@Controller('api/auth')
export class AuthController {
  constructor(
    private readonly gate: SignInGate,
    private readonly sites: OwnSites,
    private readonly agentKeys: RefusedAgentKeys,
  ) {}

  @Get('*')
  read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#serve(request, reply);
  }

  @Post('*')
  change(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#serve(request, reply);
  }

  async #serve(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await refuseAgents(request, this.agentKeys);
    const route = routeOf(request);
    assertOwnOrigin(request, this.sites.trusted);
    await send(await this.#pass(route, request), reply);
  }

  async #pass(route: AuthRoute, request: FastifyRequest): Promise<Response> {
    const { method, headers, ip: address } = request;
    const passing = { route, body: bodyOf(route, request), target: targetOf(request), method, headers, address };
    try {
      return await this.gate.pass(passing);
    } catch (error) {
      if (!(error instanceof TooManyAttempts)) throw error;
      const { retryAfterSeconds } = error;
      const detail = `there were too many attempts: try again in ${retryAfterSeconds} seconds`;
      throw identityProblem('sign_in.too_many_attempts', detail, { retryAfterSeconds });
    }
  }
}

function routeOf(request: FastifyRequest): AuthRoute {
  const [path = ''] = targetOf(request).split('?');
  const route = authRoutes.get(`${request.method} ${path}`);
  if (route) return route;
  throw notFound('request.no_such_route', `there is nothing to ${request.method} at ${BASE}${path}`);
}

/** Path and query below the base. */
const targetOf = ({ url }: FastifyRequest) => url.slice(BASE.length);

function bodyOf({ body }: AuthRoute, request: FastifyRequest): Body | null {
  return body && readWire(body, wireBody(request.body));
}

/** Cookies are several headers of one name; joined into one, a browser would take the first. */
async function send(answer: Response, reply: FastifyReply): Promise<void> {
  void reply.header('cache-control', 'no-store');
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) void reply.header('set-cookie', cookies);
  if (answer.status >= 300 && answer.status < 400)
    return void reply.redirect(answer.headers.get('location') ?? '/', answer.status);
  const body: unknown = await jsonOf(answer);
  if (answer.status >= 400) throw problemOfRefusal((body ?? {}) as object);
  await reply.status(answer.status).send(withoutSessionToken(body) ?? 'null');
}

async function jsonOf(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    // An empty refusal, or a page for people: neither says anything to a program.
    return null;
  }
}
