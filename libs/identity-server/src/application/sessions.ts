/** A sign-in that lasts, as its person sees it. */
export interface SessionCard {
  readonly id: string;
  readonly method: string;
  /** Of the network, as it was at the sign-in. */
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Where a person is signed in. All at once are ended by the library's `/revoke-sessions`. */
export abstract class Sessions {
  /** Newest first. */
  abstract list(userId: string): Promise<readonly SessionCard[]>;

  /** Exact: the next request of that session is nobody's. False when the person has no such session. */
  abstract end(userId: string, sessionId: string): Promise<boolean>;
}
