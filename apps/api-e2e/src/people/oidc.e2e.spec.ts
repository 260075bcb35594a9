import { connectAsSuperuser } from '../support/recorded-ledger.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONSOLE_URL, PUBLIC_URL, setCookiesOf, type Browser } from './browser.ts';
import { openIssuer, type Issuer } from './issuer.ts';
import { codeOf, isSignedIn, SESSION, startPeople, type PeopleSystem } from './people.fixture.ts';

let issuer: Issuer;
let people: PeopleSystem;
beforeAll(async () => {
  issuer = await openIssuer();
  people = await startPeople(issuer.env);
});
afterAll(async () => {
  await people.stop();
  await issuer.close();
});

const begin = (browser: Browser, body: object = {}) =>
  browser.post('/api/auth/sign-in/social', { provider: 'oidc', callbackURL: `${CONSOLE_URL}/approvals`, ...body });

/** From the console's button to the api's callback, which is not asked yet. */
async function toCallback(browser: Browser, name: string): Promise<URL> {
  const answer = await begin(browser);
  expect(answer.status, answer.text).toBe(200);
  let step = await browser.follow(new URL((answer.body as { url: string }).url), PUBLIC_URL);
  // First who it is, then whether the api may know.
  for (let form = 0; form < 2 && !step.url.href.startsWith(PUBLIC_URL); form += 1)
    step = await browser.follow(...submission(step, name));
  expect(step.url.href, step.answer.text.slice(0, 2_000)).toContain(`${PUBLIC_URL}/api/auth/callback/oidc?`);
  return step.url;
}

/** The form of the issuer's page, filled in. */
function submission({ url, answer: { text } }: Awaited<ReturnType<Browser['follow']>>, name: string) {
  const action = new URL(/action="([^"]+)"/.exec(text)?.[1] ?? url.href, url);
  const prompt = /value="(login|consent)"/.exec(text)?.[1] ?? '';
  const fields = new URLSearchParams({ prompt, ...(prompt === 'login' && { login: name, password: name }) });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return [action, PUBLIC_URL, { method: 'POST', body: fields.toString(), headers }] as const;
}

async function signIn(browser: Browser, name: string): Promise<URL> {
  const { url } = await browser.follow(await toCallback(browser, name), CONSOLE_URL);
  return url;
}

const person = (claims: Readonly<Record<string, unknown>> = {}) => {
  const name = `ada-${crypto.randomUUID().slice(0, 8)}`;
  issuer.says(name, { email: `${name}@example.com`, email_verified: true, name: 'Ada Lovelace', ...claims });
  return { name, email: `${name}@example.com` };
};

describe('signing in by OIDC', () => {
  it('makes a person at the first time and finds them at the next', async () => {
    const { name, email } = person();
    const [first, second] = [people.browser(), people.browser()];
    expect((await signIn(first, name)).href).toBe(`${CONSOLE_URL}/approvals`);
    const me = (await first.get('/api/me')).body as { user: { id: string } };
    expect(me).toMatchObject({
      user: { email, name: 'Ada Lovelace', isEmailVerified: true },
      signedIn: { by: 'session', method: 'oidc' },
    });
    await signIn(second, name);
    expect((await second.get('/api/me')).body).toMatchObject({ user: { id: me.user.id } });
  });

  it('I13: keeps none of the issuer’s tokens', async () => {
    const { name, email } = person();
    await signIn(people.browser(), name);
    const sql = connectAsSuperuser(people.system.database.superuserUrl);
    try {
      const rows = await sql`
        select a.* from identity.accounts a join identity.users u on u.id = a.user_id where u.email = ${email}`;
      expect(rows).toMatchObject([
        { provider_id: 'oidc', account_id: name, access_token: null, refresh_token: null, id_token: null },
      ]);
    } finally {
      await sql.end();
    }
  });

  it('is the same person as by password, where both proved the address', async () => {
    const email = await people.person('grace');
    const { name } = person({ email });
    const browser = people.browser();
    await signIn(browser, name);
    expect((await browser.get('/api/me')).body).toMatchObject({ user: { email, name: 'grace' } });
    await people.signIn(email);
  });

  it.each([
    ['the issuer did not prove the address', false],
    ['the issuer does not say', undefined],
  ])('takes nobody’s account over: %s', async (_, email_verified) => {
    const email = await people.person('grace');
    const { name } = person({ email, email_verified });
    const browser = people.browser();
    const url = await signIn(browser, name);
    expect(url.searchParams.get('error')).toBe('account_not_linked');
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('takes no account over that somebody made with an address they did not prove', async () => {
    const { name, email } = person();
    await people.browser().post('/api/auth/sign-up/email', { name: 'squatter', email, password: 'x'.repeat(20) });
    const browser = people.browser();
    await signIn(browser, name);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('is begun and ended in the same browser', async () => {
    const attacker = people.browser();
    const callback = await toCallback(attacker, person().name);
    const victim = people.browser();
    const answer = await victim.visit(callback);
    expect(answer.status).toBe(302);
    expect(setCookiesOf(answer).filter((cookie) => cookie.startsWith(SESSION))).toEqual([]);
    expect(await isSignedIn(victim)).toBe(false);
  });

  it('works once for each beginning', async () => {
    const browser = people.browser();
    const callback = await toCallback(browser, person().name);
    await browser.visit(callback);
    await browser.post('/api/auth/sign-out');
    await browser.visit(callback);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it.each([
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['a made-up state', (url: URL) => url.searchParams.set('state', 'x'.repeat(32))],
    ['a made-up code', (url: URL) => url.searchParams.set('code', 'x'.repeat(43))],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
  ])('lets nobody in with %s', async (_, change) => {
    const browser = people.browser();
    const callback = await toCallback(browser, person().name);
    change(callback);
    const { url } = await browser.follow(callback, CONSOLE_URL);
    expect([url.origin, url.searchParams.get('error')]).toEqual([CONSOLE_URL, expect.stringMatching(/./)]);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('leads to no other page than ours, and takes no token from elsewhere', async () => {
    const foreign = await begin(people.browser(), { callbackURL: 'https://evil.example/' });
    expect([foreign.status, codeOf(foreign)]).toEqual([403, 'sign_in.foreign_redirect']);
    const token = await begin(people.browser(), { idToken: { token: 'x.y.z' } });
    expect([token.status, codeOf(token)]).toEqual([400, 'request.invalid']);
  });
});

describe('an issuer that is away', () => {
  it('leaves passwords, and says what to do', async () => {
    const api = await people.system.addApi({ env: { ...issuer.env, OIDC_ISSUER: 'http://127.0.0.1:9' } });
    const answer = await fetch(`${api.url}/api/auth/sign-in/social`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'oidc' }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'sign_in.oidc_absent' }]);
    expect(api.log()).toContain('nobody can sign in by OIDC');
    const wrong = await fetch(`${api.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'nobody@example.com', password: 'wrong wrong wrong' }),
    });
    expect(wrong.status).toBe(401);
    await api.stop();
  });
});
