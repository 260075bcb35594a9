import type { TokenRights } from '../rights/right.ts';

/** A token as its person sees it later: never the token itself. */
export interface PersonalTokenCard {
  readonly id: string;
  readonly name: string;
  /** How the token begins: enough to tell two apart, too little to use. */
  readonly prefix: string;
  readonly rights: TokenRights;
  readonly organizationId: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Coarse, to five minutes. */
  readonly lastUsedAt: Date | null;
}

export interface PersonalTokenWish {
  readonly userId: string;
  readonly name: string;
  readonly rights: TokenRights;
  readonly organizationId: string | null;
  readonly expiresAt: Date;
}

/** The only time the token can be read. */
export interface IssuedPersonalToken extends PersonalTokenCard {
  readonly token: string;
}

/** Tokens by which a person's scripts act, with fewer rights than the person and an end. Kept as hashes (I13). */
export abstract class PersonalTokens {
  abstract issue(wish: PersonalTokenWish): Promise<IssuedPersonalToken>;

  /** Those that still work, newest first. */
  abstract list(userId: string): Promise<readonly PersonalTokenCard[]>;

  /** Exact: the next request that carries it is refused. False when the person has no such token. */
  abstract revoke(userId: string, tokenId: string): Promise<boolean>;
}
