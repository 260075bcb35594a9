import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../identity.config.ts';
import { identityProblem } from './identity-problems.ts';

interface Sites {
  readonly publicUrl: string;
  readonly consoleUrl: string;
}

/** Origins whose pages may act for who is signed in. On one machine people say `localhost` and `127.0.0.1` alike. */
export function trustedOrigins({ publicUrl, consoleUrl }: Sites): ReadonlySet<string> {
  return new Set([publicUrl, consoleUrl].flatMap((url) => (isLoopback(url) ? loopbackTwins(url) : [url])));
}

const loopbackTwins = (url: string): readonly string[] => {
  const { protocol, port } = new URL(url);
  return ['localhost', '127.0.0.1', '[::1]'].map((host) => new URL(`${protocol}//${host}${port && `:${port}`}`).origin);
};

/** Pages that a browser may send from without an `Origin`, when it says so itself. */
const OWN_SITES: readonly unknown[] = ['same-origin', 'none'];

/**
 * Refuses what a page of another origin makes a browser send (CSRF), sign-ins included, for they could put a person
 * into an attacker's account. Browsers name the origin of whatever may change something; who has none and no cookie
 * either is a program, and nobody's browser.
 *
 * @throws {ProblemAnswer} 403.
 */
export function assertOwnOrigin({ method, headers }: FastifyRequest, trusted: ReadonlySet<string>): void {
  if (method === 'GET' || method === 'HEAD') return;
  const { origin, cookie } = headers;
  const site = headers['sec-fetch-site'];
  const isOwn = origin === undefined ? isOwnWithoutOrigin(site, cookie) : trusted.has(origin);
  if (!isOwn)
    throw identityProblem(
      'sign_in.foreign_origin',
      'a session is only taken from our own pages; a program sends `Authorization: Bearer csp_…`, or names as `Origin` where the api is',
    );
}

const isOwnWithoutOrigin = (site: unknown, cookie: string | undefined) =>
  site === undefined ? cookie === undefined : OWN_SITES.includes(site);
