import { createOTP } from '@better-auth/utils/otp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAsSuperuser } from '../support/recorded-ledger.ts';
import type { Browser } from './browser.ts';
import { linkIn } from './mailbox.ts';
import { codeOf, isSignedIn, PASSWORD, SESSION, startPeople, type PeopleSystem } from './people.fixture.ts';

let people: PeopleSystem;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stop());

interface Factor {
  readonly email: string;
  readonly browser: Browser;
  readonly secret: string;
  readonly backupCodes: readonly string[];
}

/** The app's code, as RFC 6238 makes it from what the QR code says. */
const codeNow = (secret: string) => createOTP(secret).totp();
/** The one it shows next: good already, because clocks may be off, and not used up by turning the factor on. */
const codeNext = (secret: string) => createOTP(secret).hotp(Math.floor(Date.now() / 30_000) + 1);

async function withFactor(): Promise<Factor> {
  const email = await people.person('ada');
  const browser = await people.signIn(email);
  const answer = await browser.post('/api/auth/two-factor/enable', { password: PASSWORD });
  expect(answer.status, answer.text).toBe(200);
  const { totpURI, backupCodes } = answer.body as { totpURI: string; backupCodes: string[] };
  const secret = fromBase32(new URL(totpURI).searchParams.get('secret') ?? '');
  // Not on before the app has shown that it knows the secret.
  expect((await browser.get('/api/me')).body).toMatchObject({ user: { hasSecondFactor: false } });
  const verified = await verify(browser, await codeNow(secret));
  expect(verified.status, verified.text).toBe(200);
  return { email, browser, secret, backupCodes };
}

const verify = (browser: Browser, code: string, more: object = {}) =>
  browser.post('/api/auth/two-factor/verify-totp', { code, ...more });
const useBackup = (browser: Browser, code: string) => browser.post('/api/auth/two-factor/verify-backup-code', { code });

/** Up to the second step. */
async function halfway(email: string, browser = people.browser()): Promise<Browser> {
  const answer = await browser.post('/api/auth/sign-in/email', { email, password: PASSWORD });
  expect(answer.body).toMatchObject({ twoFactorRedirect: true });
  return browser;
}

const wrongCode = async (secret: string) => {
  const right = await codeNow(secret);
  return String((Number(right) + 123_456) % 1_000_000).padStart(6, '0');
};

describe('a second factor', () => {
  it('is asked for after the password, and until then nobody is signed in', async () => {
    const { email, secret, browser: enabling } = await withFactor();
    expect((await enabling.get('/api/me')).body).toMatchObject({ user: { hasSecondFactor: true } });
    const browser = await halfway(email);
    expect([browser.cookie(SESSION), await isSignedIn(browser)]).toEqual([null, false]);
    const wrong = await verify(browser, await wrongCode(secret));
    expect([wrong.status, codeOf(wrong)]).toEqual([401, 'sign_in.wrong_code']);
    const right = await verify(browser, await codeNext(secret));
    expect(right.status, right.text).toBe(200);
    expect((await browser.get('/api/me')).body).toMatchObject({ signedIn: { method: 'password+totp' } });
  });

  it('is a code that signs in once, however many send it at the same moment', async () => {
    const { email, secret } = await withFactor();
    const browsers = await Promise.all(Array.from({ length: 5 }, () => halfway(email)));
    const code = await codeNext(secret);
    const answers = await Promise.all(browsers.map((browser) => verify(browser, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
    const refused = answers.filter(({ status }) => status === 401);
    expect(refused.map(codeOf)).toEqual(Array<string>(4).fill('sign_in.wrong_code'));
    const signedIn = await Promise.all(browsers.map(isSignedIn));
    expect(signedIn.filter(Boolean)).toHaveLength(1);
    const later = await verify(await halfway(email), code);
    expect([later.status, codeOf(later)]).toEqual([401, 'sign_in.wrong_code']);
  });

  it('can be a backup code, each once', async () => {
    const { email, backupCodes } = await withFactor();
    const [code = ''] = backupCodes;
    expect(backupCodes).toHaveLength(10);
    const browser = await halfway(email);
    expect((await useBackup(browser, code)).status).toBe(200);
    expect((await browser.get('/api/me')).body).toMatchObject({ signedIn: { method: 'password+backup-code' } });
    const again = await useBackup(await halfway(email), code);
    expect([again.status, codeOf(again)]).toEqual([401, 'sign_in.wrong_code']);
  });

  it('cannot be tried without the password, nor for ever with it', async () => {
    const { email, secret } = await withFactor();
    const outside = await verify(people.browser(), await codeNow(secret));
    expect([outside.status, codeOf(outside)]).toEqual([401, 'sign_in.second_step_over']);
    const codes = [];
    let browser = await halfway(email);
    for (let tries = 0; tries < 12; tries += 1) {
      // A step allows five tries; who begins again meets the lock of the account.
      if (tries % 5 === 0) browser = await halfway(email);
      codes.push(codeOf(await verify(browser, await wrongCode(secret))));
    }
    expect(codes).toEqual([
      ...Array<string>(10).fill('sign_in.wrong_code'),
      ...Array<string>(2).fill('sign_in.too_many_attempts'),
    ]);
    const right = await verify(browser, await codeNow(secret));
    expect([right.status, codeOf(right), right.headers['retry-after']]).toEqual([
      429,
      'sign_in.too_many_attempts',
      '900',
    ]);
  });

  it('of a device that is trusted is not asked for, until the password is new', async () => {
    const { email, secret } = await withFactor();
    const browser = await halfway(email);
    expect((await verify(browser, await codeNext(secret), { trustDevice: true })).status).toBe(200);
    await browser.post('/api/auth/sign-out');
    await people.signIn(email, browser);
    expect(await isSignedIn(browser)).toBe(true);

    await browser.post('/api/auth/request-password-reset', { email });
    const token = new URLSearchParams(linkIn(await people.mailbox.next(email)).hash.slice(1)).get('token');
    await people.browser().post('/api/auth/reset-password', { token, newPassword: PASSWORD });
    await halfway(email, browser);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('is turned off by the password only', async () => {
    const { email, browser } = await withFactor();
    const wrong = await browser.post('/api/auth/two-factor/disable', { password: 'wrong wrong wrong' });
    expect([wrong.status, codeOf(wrong)]).toEqual([403, 'sign_in.wrong_password']);
    expect((await browser.post('/api/auth/two-factor/disable', { password: PASSWORD })).status).toBe(200);
    expect(await isSignedIn(await people.signIn(email))).toBe(true);
  });

  it('I13: neither secret nor codes stand in the database in plain text', async () => {
    const { secret, backupCodes } = await withFactor();
    const sql = connectAsSuperuser(people.system.database.superuserUrl);
    try {
      const rows = JSON.stringify(await sql`select * from identity.two_factors`);
      for (const plain of [secret, ...backupCodes]) expect(rows).not.toContain(plain);
      expect(rows).toContain('backup_codes');
    } finally {
      await sql.end();
    }
  });
});

/** RFC 4648 section 6, into text. */
function fromBase32(text: string): string {
  const bits = [...text.replaceAll('=', '')].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))).toString('utf8');
}
