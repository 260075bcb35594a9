import { SignIns } from '@countersign/identity/people';
import type { AuthRoute, Body } from '../rest/auth-routes.ts';
import { ADDRESS_HEADER } from '../adapters/auth-library.ts';
import type { Authentication } from '../adapters/authentication.ts';
import { accountOfUser, type SignInThrottle, type Try } from './sign-in-throttle.ts';

/** A request that is well-formed and from one of our own pages, or from a program. */
export interface Passing {
  readonly route: AuthRoute;
  readonly body: Body | null;
  /** Path and query below the library's base. */
  readonly target: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Of the network, as far as trusted proxies say. */
  readonly address: string;
}

/** Answers about mails come no sooner, whether or not there is an account to mail to. Above what either takes. */
const LEVEL_MS = 250;

/** What the library is told of a request. Nothing that names a host, an origin or an address: those are ours to say. */
const FORWARDED: readonly string[] = ['cookie', 'user-agent'];

/** Counts, then lets the library answer, then forgives what was no failure. */
export class SignInGate {
  constructor(
    private readonly authentication: Authentication,
    private readonly throttle: SignInThrottle,
    private readonly signIns: SignIns,
    private readonly publicUrl: string,
  ) {}

  /** @throws {TooManyAttempts} */
  async pass(request: Passing): Promise<Response> {
    const startedAt = performance.now();
    const answer = await this.#answer(request);
    if (request.route.isLevelled) await pause(LEVEL_MS - (performance.now() - startedAt));
    return answer;
  }

  async #answer(request: Passing): Promise<Response> {
    const tried: Try = {
      trying: request.route.trying,
      account: await this.#accountOf(request),
      address: request.address,
    };
    await this.throttle.admit(tried);
    const library = await this.authentication.current();
    const answer = await library.handler(libraryRequest(request, this.publicUrl));
    if (answer.status < 400) await this.throttle.succeeded(tried);
    return answer;
  }

  async #accountOf({ route, body, headers }: Passing): Promise<string | null> {
    if (route.accountOf === 'nobody') return null;
    if (route.accountOf === 'body') return String(body?.['email']);
    const { cookie } = headers;
    const person = await this.signIns.whoIs({ cookie: typeof cookie === 'string' ? cookie : '', bearer: '' });
    return person && accountOfUser(person.userId);
  }
}

/** The origin was checked before; the library, which would refuse programs that have none, is told ours. */
function libraryRequest({ target, method, headers, body, address }: Passing, publicUrl: string): Request {
  const forwarded = new Headers({ [ADDRESS_HEADER]: address, origin: publicUrl });
  for (const name of FORWARDED) {
    const value = headers[name];
    if (typeof value === 'string') forwarded.set(name, value);
  }
  if (body) forwarded.set('content-type', 'application/json');
  return new Request(`${publicUrl}/api/auth${target}`, {
    method,
    headers: forwarded,
    ...(body && { body: JSON.stringify(body) }),
  });
}

const pause = (ms: number) => (ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms)));
