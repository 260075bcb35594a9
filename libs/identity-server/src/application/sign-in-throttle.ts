import { normalizeIP } from '@better-auth/core/utils/ip';
import type { Attempts, Count, Limit } from './attempts.ts';

/** Too many tries: how long to wait. */
export class TooManyAttempts extends Error {
  readonly code = 'sign_in.too_many_attempts';
  override readonly name = 'TooManyAttempts';

  constructor(readonly retryAfterSeconds: number) {
    super(`too many attempts: try again in ${retryAfterSeconds} s`);
  }
}

/** What a request tries: a secret (password or code), to have a mail sent, or nothing worth counting by itself. */
export type Trying = 'password' | 'code' | 'mail' | 'nothing';

export interface Try {
  readonly trying: Trying;
  /** Whose secret or mail: an address in lower case, or a user's id. Null where the library counts by itself. */
  readonly account: string | null;
  /** Of the network. */
  readonly address: string;
}

export interface ThrottleLimits {
  readonly attemptsPerAccountMax: number;
  readonly attemptsPerAddressMax: number;
  readonly lockSeconds: number;
}

const WINDOW_SECONDS = 900;
const HOUR_SECONDS = 3_600;

/** Any change of state from one address: enough for an office behind one address, too few to keep a processor busy. */
const REQUESTS: Limit = { max: 300, windowSeconds: 60, lockSeconds: 60 };
/** From one address, and to one account, which is a mailbox that somebody could be flooded in. */
const MAILS: readonly [Limit, Limit] = [
  { max: 20, windowSeconds: HOUR_SECONDS, lockSeconds: HOUR_SECONDS },
  { max: 3, windowSeconds: HOUR_SECONDS, lockSeconds: HOUR_SECONDS },
];

/**
 * Lets through so many tries per account and per address and refuses the rest, whether or not the account exists and
 * whether or not the password would have been right: a lock tells nothing (and stops a guess that was right).
 */
export class SignInThrottle {
  constructor(
    private readonly attempts: Attempts,
    private readonly limits: ThrottleLimits,
  ) {}

  /**
   * Counts a try before it is made.
   *
   * @throws {TooManyAttempts}
   */
  async admit(tried: Try): Promise<void> {
    for (const count of this.#countsOf(tried)) {
      const seconds = await this.attempts.count(count);
      if (seconds > 0) throw new TooManyAttempts(seconds);
    }
  }

  /** A secret that was right is no guess: its account starts afresh, its address gets this one try back. */
  async succeeded({ trying, account, address }: Try): Promise<void> {
    if (trying !== 'password' && trying !== 'code') return;
    await this.attempts.takeBack(keyOf('secrets-of-address', networkOf(address)));
    if (account !== null) await this.forget(account);
  }

  /** Also when somebody proved to be who they are by other means, such as a link to a mailbox. */
  async forget(account: string): Promise<void> {
    await this.attempts.forget(keyOf('secrets-of-account', account));
  }

  /** Addresses first: a flood from one of them is refused without locking accounts. */
  #countsOf({ trying, account, address }: Try): readonly Count[] {
    const network = networkOf(address);
    const requests = { key: keyOf('requests', network), limit: REQUESTS };
    if (trying === 'nothing') return [requests];
    const [ofAddress, ofAccount] = trying === 'mail' ? MAILS : this.#secrets();
    return [
      requests,
      { key: keyOf(`${kindOf(trying)}-of-address`, network), limit: ofAddress },
      ...(account === null ? [] : [{ key: keyOf(`${kindOf(trying)}-of-account`, account), limit: ofAccount }]),
    ];
  }

  #secrets(): readonly [Limit, Limit] {
    const { attemptsPerAddressMax, attemptsPerAccountMax, lockSeconds } = this.limits;
    const limit = (max: number): Limit => ({ max, windowSeconds: WINDOW_SECONDS, lockSeconds });
    return [limit(attemptsPerAddressMax), limit(attemptsPerAccountMax)];
  }
}

const kindOf = (trying: Trying) => (trying === 'mail' ? 'mails' : 'secrets');

/** How an account is named whose person is signed in. */
export const accountOfUser = (userId: string) => `user ${userId}`;

/** One household has a /64 of IPv6 and may use each of its addresses once. */
const networkOf = (address: string) => normalizeIP(address, { ipv6Subnet: 64 });

const keyOf = (counted: string, whose: string) => `${counted} ${whose}`;
