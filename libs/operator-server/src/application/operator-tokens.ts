/** Who acts by a token: recorded as the actor of every event it causes. */
export interface OperatorIdentity {
  readonly tokenId: string;
  readonly label: string;
}

/** A token just made. The only time it can be read. */
export interface IssuedOperatorToken extends OperatorIdentity {
  readonly token: string;
}

/** Tokens by which an operator's programs act until people can sign in. Kept as hashes (I13). */
export abstract class OperatorTokens {
  /** Null for what is no token, is unknown, or was revoked: a caller cannot tell these apart. */
  abstract find(token: string): Promise<OperatorIdentity | null>;

  abstract issue(label: string): Promise<IssuedOperatorToken>;

  /** Exact: the next request that carries it is refused. False when there is no such token. */
  abstract revoke(tokenId: string): Promise<boolean>;
}
