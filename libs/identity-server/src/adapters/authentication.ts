import { buildLibrary, discoveryUrlOf, type AuthLibrary, type LibraryParts } from './auth-library.ts';

/** The issuer is asked this often, and waited for this long, until it has answered once. */
const RETRY_MS = 30_000;
const DISCOVERY_TIMEOUT_MS = 3_000;

/**
 * The authentication library, with the OIDC issuer as soon as that answers. The library asks an issuer once, when it is
 * made, and does without it for ever when it was away; so it is made anew when the issuer is back. Passwords work
 * meanwhile.
 */
export class Authentication {
  #library: AuthLibrary;
  #isComplete: boolean;
  #triedAt = Number.NEGATIVE_INFINITY;
  #trying: Promise<void> | null = null;

  constructor(private readonly parts: LibraryParts) {
    this.#library = buildLibrary(parts, null);
    this.#isComplete = parts.config.oidc === null;
  }

  async current(): Promise<AuthLibrary> {
    if (!this.#isComplete && performance.now() - this.#triedAt > RETRY_MS) {
      this.#trying ??= this.#complete().finally(() => (this.#trying = null));
    }
    if (this.#trying) await this.#trying;
    return this.#library;
  }

  async #complete(): Promise<void> {
    const { config, log } = this.parts;
    if (!config.oidc) return;
    const problem = await problemOfIssuer(config.oidc.issuer);
    this.#triedAt = performance.now();
    if (problem !== null) return log('error', `nobody can sign in by OIDC: ${problem}`);
    const library = buildLibrary(this.parts, config.oidc);
    await library.$context;
    this.#library = library;
    this.#isComplete = true;
  }
}

/**
 * Asks before the library does: with an end to waiting, and with the check that the document is the issuer's own, which
 * the library leaves out. Null when all is well.
 */
async function problemOfIssuer(issuer: string): Promise<string | null> {
  const url = discoveryUrlOf(issuer);
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS) });
    if (!answer.ok) return `${url} answered ${answer.status}`;
    const { issuer: said } = (await answer.json()) as { issuer?: unknown };
    return said === issuer ? null : `${url} speaks for another issuer than OIDC_ISSUER, ${JSON.stringify(said)}`;
  } catch (error) {
    return `${url} does not answer (${error instanceof Error ? error.message : String(error)})`;
  }
}
