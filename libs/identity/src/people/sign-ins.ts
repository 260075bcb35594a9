import type { Instant } from '@countersign/kernel';
import type { TokenRights } from '../rights/right.ts';

/** What a request shows of who sent it, as it arrived. */
export interface Credentials {
  /** The header `cookie`; empty when there is none. */
  readonly cookie: string;
  /** What follows `Bearer ` in `authorization`; empty when there is none. */
  readonly bearer: string;
}

/** A person, known by a session or by a personal token. What they may do stands elsewhere: in enforcement rows. */
export interface SignedIn {
  readonly userId: string;
  readonly by: 'session' | 'token';
  /** How they proved it, as events record it: `password`, `password+totp`, `password+backup-code`, `oidc`, `token`. */
  readonly method: string;
  /** Id of the session or of the token: no secret, so it may stand in the ledger. */
  readonly credential: string;
  /** When the session began, or the token was made. */
  readonly issuedAt: Instant;
  /** The only rights a token has, of those its person's roles give; null: all of them. */
  readonly rights: TokenRights | null;
  /** The only organization a token works in; null: every one its person belongs to. */
  readonly organizationId: string | null;
}

/** Who is this? Asked once a request, before anything is decided; asked again by whatever waits. */
export abstract class SignIns {
  /**
   * Null for nobody: no credential, an unknown, expired or revoked one, or one of a person who is gone. A caller cannot
   * tell these apart. A token in `bearer` is taken alone: a cookie beside it is not looked at.
   * Revoking is exact: an answer that was asked for afterwards is null, on any replica.
   *
   * @throws whatever the database's driver throws when it does not answer: then nobody is signed in.
   */
  abstract whoIs(credentials: Credentials): Promise<SignedIn | null>;
}
