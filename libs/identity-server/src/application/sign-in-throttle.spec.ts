import { describe, expect, it } from 'vitest';
import { Attempts, type Count } from './attempts.ts';
import { accountOfUser, SignInThrottle, TooManyAttempts, type Try } from './sign-in-throttle.ts';

/** Counts for ever. */
class CountedAttempts extends Attempts {
  readonly counts = new Map<string, number>();

  async count({ key, limit }: Count): Promise<number> {
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count <= limit.max ? 0 : limit.lockSeconds;
  }

  async takeBack(key: string): Promise<void> {
    this.counts.set(key, (this.counts.get(key) ?? 0) - 1);
  }

  async forget(key: string): Promise<void> {
    this.counts.delete(key);
  }
}

function throttled() {
  const attempts = new CountedAttempts();
  const limits = { attemptsPerAccountMax: 3, attemptsPerAddressMax: 5, lockSeconds: 60 };
  const throttle = new SignInThrottle(attempts, limits);
  const isLetThrough = async (more: Partial<Try> = {}) => {
    const tried: Try = { trying: 'password', account: 'ada@example.com', address: '203.0.113.1', ...more };
    return throttle.admit(tried).then(
      () => true,
      (error: unknown) => !(error instanceof TooManyAttempts),
    );
  };
  return { attempts, throttle, isLetThrough };
}

describe('the throttle', () => {
  it('counts an account over all addresses', async () => {
    const { isLetThrough } = throttled();
    for (const last of [1, 2, 3]) expect(await isLetThrough({ address: `203.0.113.${last}` })).toBe(true);
    expect(await isLetThrough({ address: '203.0.113.9' })).toBe(false);
    expect(await isLetThrough({ account: 'grace@example.com', address: '203.0.113.9' })).toBe(true);
  });

  it('counts an address over all accounts, and stops it before an account is touched', async () => {
    const { isLetThrough, attempts } = throttled();
    for (const name of 'abcde') expect(await isLetThrough({ account: name })).toBe(true);
    const before = attempts.counts.get('secrets-of-account a');
    expect(await isLetThrough({ account: 'a' })).toBe(false);
    expect(attempts.counts.get('secrets-of-account a')).toBe(before);
  });

  it('takes the IPv6 addresses of one network, and an IPv4 address however written, as one', async () => {
    const { isLetThrough, attempts } = throttled();
    for (const address of ['2001:db8::1', '2001:DB8:0:0:ffff::2', '::ffff:203.0.113.7', '203.0.113.7'])
      await isLetThrough({ address, trying: 'code', account: null });
    expect([...attempts.counts].filter(([key]) => key.startsWith('secrets-of-address')).map(([, n]) => n)).toEqual([
      2, 2,
    ]);
  });

  it('forgives what was right: the whole account, and the address this one try', async () => {
    const { throttle, isLetThrough, attempts } = throttled();
    const right: Try = { trying: 'password', account: 'ada@example.com', address: '203.0.113.1' };
    await isLetThrough({ account: 'grace@example.com' });
    await isLetThrough();
    await throttle.succeeded(right);
    expect(attempts.counts.get('secrets-of-account ada@example.com')).toBeUndefined();
    expect(attempts.counts.get('secrets-of-address 203.0.113.1')).toBe(1);
  });

  it('takes no mail back: three an hour to one account, however often they are asked for rightly', async () => {
    const { throttle, isLetThrough } = throttled();
    const mail = { trying: 'mail', account: 'ada@example.com' } as const;
    for (const last of [1, 2, 3]) {
      expect(await isLetThrough({ ...mail, address: `203.0.113.${last}` })).toBe(true);
      await throttle.succeeded({ ...mail, address: `203.0.113.${last}` });
    }
    expect(await isLetThrough({ ...mail, address: '203.0.113.9' })).toBe(false);
  });

  it('cannot be told an address that is the id of somebody who is signed in', () =>
    expect(accountOfUser('0198c5')).not.toMatch(/^\S+$/));
});
