import type { Attempts } from './attempts.ts';

/** A code is good for its own 30 seconds and, for clocks that are off, the ones before and after; this is longer. */
const REMEMBERED = { max: 1, windowSeconds: 120, lockSeconds: 120 } as const;

/** A code of a second factor signs in once (RFC 6238 section 5.2): whoever looked over a shoulder comes too late. */
export class UsedCodes {
  constructor(private readonly attempts: Attempts) {}

  /** One statement, counted before it is answered: of two at the same moment, over all replicas, one is the first. */
  async isFirstUse(userId: string, code: string): Promise<boolean> {
    const count = { key: `totp ${userId} ${code}`, limit: REMEMBERED };
    return (await this.attempts.count(count)) === 0;
  }
}
