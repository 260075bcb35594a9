import { SignIns, type Credentials, type SignedIn } from '@countersign/identity/people';
import { instant } from '@countersign/kernel';
import type { Authentication } from './authentication.ts';
import type { PrismaPersonalTokens } from './prisma-personal-tokens.ts';

/** The database did not answer, so nobody is known. The library hides why; its own line in the log says it. */
export class IdentityAway extends Error {
  readonly code = 'database.away';
  override readonly name = 'IdentityAway';
}

/** Sessions by the library, personal tokens by us. */
export class LibrarySignIns extends SignIns {
  constructor(
    private readonly authentication: Authentication,
    private readonly tokens: PrismaPersonalTokens,
  ) {
    super();
  }

  whoIs({ cookie, bearer }: Credentials): Promise<SignedIn | null> {
    return bearer === '' ? this.#bySession(cookie) : this.tokens.whoCarries(bearer);
  }

  async #bySession(cookie: string): Promise<SignedIn | null> {
    // Most requests that carry no session carry no cookie at all.
    if (cookie === '') return null;
    const found = await this.#sessionOf(cookie);
    if (!found) return null;
    const { id: credential, method, createdAt } = found.session;
    return {
      userId: found.user.id,
      by: 'session',
      method: method ?? 'unknown',
      credential,
      issuedAt: instant(createdAt.getTime()),
      rights: null,
      organizationId: null,
    };
  }

  /** Without prolonging it: only `/get-session`, which can set the cookie anew, does that. */
  async #sessionOf(cookie: string) {
    const { api } = await this.authentication.current();
    try {
      return await api.getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true } });
    } catch (error) {
      throw new IdentityAway('who is signed in cannot be read', { cause: error });
    }
  }
}
