import type { HttpAnswer } from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setCookiesOf } from './browser.ts';
import { codeOf, newAddress, PASSWORD, startPeople, type PeopleSystem } from './people.fixture.ts';

const PER_ACCOUNT = 5;
const PER_ADDRESS = 12;
/** Longer than a test takes to come back to what it locked. */
const LOCK_SECONDS = 6;

let people: PeopleSystem;
beforeAll(async () => {
  people = await startPeople({
    SIGN_IN_ATTEMPTS_PER_ACCOUNT: String(PER_ACCOUNT),
    SIGN_IN_ATTEMPTS_PER_ADDRESS: String(PER_ADDRESS),
    SIGN_IN_LOCK_SECONDS: String(LOCK_SECONDS),
  });
});
afterAll(() => people.stop());

const guess = (email: string, password: string, browser = people.browser()) =>
  browser.post('/api/auth/sign-in/email', { email, password });
const unknown = () => `nobody-${crypto.randomUUID()}@example.com`;
const statuses = (answers: readonly HttpAnswer[]) => answers.map(({ status }) => status);
const untilUnlocked = () => new Promise((resolve) => setTimeout(resolve, LOCK_SECONDS * 1_000 + 200));

async function inTurn<Result>(times: number, work: (time: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let time = 0; time < times; time += 1) results.push(await work(time));
  return results;
}

describe('guessing the password of one account', () => {
  it('from ever new addresses: the account locks, even for the right one, and says how long', async () => {
    const ada = await people.person('ada');
    const wrong = await inTurn(PER_ACCOUNT, () => guess(ada, 'wrong wrong wrong'));
    expect(statuses(wrong)).toEqual(Array(PER_ACCOUNT).fill(401));
    const right = await guess(ada, PASSWORD);
    expect([right.status, codeOf(right), setCookiesOf(right)]).toEqual([429, 'sign_in.too_many_attempts', []]);
    const seconds = Number(right.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(LOCK_SECONDS);
    await untilUnlocked();
    expect((await guess(ada, PASSWORD)).status).toBe(200);
  });

  it('all at once: no more of them get through than one after the other', async () => {
    const ada = await people.person('ada');
    const answers = await Promise.all(Array.from({ length: 20 }, () => guess(ada, 'wrong wrong wrong')));
    expect(statuses(answers).filter((status) => status === 401)).toHaveLength(PER_ACCOUNT);
    expect(statuses(answers).filter((status) => status === 429)).toHaveLength(20 - PER_ACCOUNT);
  });

  it('over two replicas: they count together', async () => {
    const ada = await people.person('ada');
    const second = await people.system.addApi();
    const atSecond = () =>
      fetch(`${second.url}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': newAddress() },
        body: JSON.stringify({ email: ada, password: 'wrong wrong wrong' }),
      });
    await inTurn(PER_ACCOUNT - 1, () => guess(ada, 'wrong wrong wrong'));
    expect([(await atSecond()).status, (await atSecond()).status]).toEqual([401, 429]);
    await second.stop();
  });

  it('signing in rightly begins the count anew', async () => {
    const ada = await people.person('ada');
    for (const _ of [1, 2]) {
      await inTurn(PER_ACCOUNT - 1, () => guess(ada, 'wrong wrong wrong'));
      expect((await guess(ada, PASSWORD)).status).toBe(200);
    }
  });

  it('as somebody who is signed in: confirming by password locks alike', async () => {
    const browser = await people.signIn(await people.person('ada'));
    const answers = await inTurn(PER_ACCOUNT + 1, (time) =>
      browser.post('/api/auth/two-factor/enable', { password: `wrong wrong wrong ${time}` }),
    );
    expect(statuses(answers)).toEqual([...Array<number>(PER_ACCOUNT).fill(403), 429]);
  });
});

describe('guessing from one address', () => {
  it('over ever new accounts: the address locks, and others’ do not', async () => {
    const ada = await people.person('ada');
    const browser = people.browser();
    const answers = await inTurn(PER_ADDRESS + 1, () => guess(unknown(), 'wrong wrong wrong', browser));
    expect(statuses(answers)).toEqual([...Array<number>(PER_ADDRESS).fill(401), 429]);
    expect((await guess(ada, PASSWORD, browser)).status).toBe(429);
    expect((await guess(ada, PASSWORD)).status).toBe(200);
    await untilUnlocked();
    expect((await guess(ada, PASSWORD, browser)).status).toBe(200);
  });

  it('an address of IPv6 is its network', async () => {
    const answers = await inTurn(PER_ADDRESS + 1, (time) =>
      guess(unknown(), 'wrong wrong wrong', people.browser(`2001:db8:7:1::${time + 1}`)),
    );
    expect(statuses(answers).at(-1)).toBe(429);
    expect((await guess(unknown(), 'x', people.browser('2001:db8:7:2::1'))).status).toBe(401);
  });

  it('what the caller says of its own address is not believed, where no proxy is trusted', async () => {
    const open = await people.system.addApi({ env: { ...people.env, TRUSTED_PROXIES: '' } });
    const answers = await inTurn(PER_ADDRESS + 1, () =>
      fetch(`${open.url}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': newAddress(), 'x-real-ip': newAddress() },
        body: JSON.stringify({ email: unknown(), password: 'wrong wrong wrong' }),
      }),
    );
    expect(answers.at(-1)?.status).toBe(429);
    await open.stop();
  });
});

describe('whether somebody has an account', () => {
  /** Everything an answer says, less what differs between any two. */
  const told = ({ status, text, headers }: HttpAnswer) => ({
    status,
    // An id that stands for nobody, and when it was made, are new each time.
    text: text.replaceAll(/"[0-9a-f-]{36}"/g, '"id"').replaceAll(/"20\d\d-[^"]+Z"/g, '"time"'),
    names: Object.keys(headers).sort(),
  });

  it('is not told by a sign-in that fails, nor by one that is locked', async () => {
    const [ada, nobody] = [await people.person('ada'), unknown()];
    const known = await inTurn(PER_ACCOUNT + 1, () => guess(ada, 'wrong wrong wrong'));
    const others = await inTurn(PER_ACCOUNT + 1, () => guess(nobody, 'wrong wrong wrong'));
    expect(known.map(told)).toEqual(others.map(told));
    expect(known.at(-1)?.status).toBe(429);
  });

  it('is not told by a sign-up: the owner of the address is told, by mail', async () => {
    const [ada, nobody] = [await people.person('ada'), unknown()];
    const signUp = (email: string) =>
      people.browser().post('/api/auth/sign-up/email', { name: 'x', email, password: PASSWORD });
    const [known, other] = [await signUp(ada), await signUp(nobody)];
    expect(told(known).text.replaceAll(ada, 'them')).toBe(told(other).text.replaceAll(nobody, 'them'));
    expect([known.status, told(known).names]).toEqual([200, told(other).names]);
    expect(await people.mailbox.next(ada)).toContain('which has one');
    expect((await guess(ada, PASSWORD)).status).toBe(200);
  });

  it.each(['/api/auth/request-password-reset', '/api/auth/send-verification-email'])(
    'is not told by %s',
    async (path) => {
      const [ada, nobody] = [await people.person('ada'), unknown()];
      const ask = (email: string) => people.browser().post(path, { email });
      expect(told(await ask(ada))).toEqual(told(await ask(nobody)));
    },
  );

  it.each([
    ['a sign-in', '/api/auth/sign-in/email', { password: 'wrong wrong wrong' }, { times: 4, leastMs: 0 }],
    // Levelled: whatever the two take, they are answered when both would be done.
    ['a reset', '/api/auth/request-password-reset', {}, { times: 2, leastMs: 240 }],
  ])('is not told by how long %s takes', async (_, path, body, { times, leastMs }) => {
    const known: number[] = [];
    const others: number[] = [];
    const timed = async (into: number[], email: string) => {
      const browser = people.browser();
      // A connection that is there already.
      await browser.get('/health');
      const startedAt = performance.now();
      expect((await browser.post(path, { email, ...body })).status).toBeLessThan(402);
      into.push(performance.now() - startedAt);
    };
    for (let person = 0; person < 6; person += 1) {
      const [ada, nobody] = [await people.person('ada'), unknown()];
      for (let time = 0; time < times; time += 1) {
        await timed(known, ada);
        await timed(others, nobody);
      }
    }
    expect(Math.min(...known, ...others)).toBeGreaterThan(leastMs);
    expect(Math.abs(median(known) - median(others)) / median(others)).toBeLessThan(0.1);
  });
});

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
