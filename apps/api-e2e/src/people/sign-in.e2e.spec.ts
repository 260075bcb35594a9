import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONSOLE_URL, setCookiesOf, type Browser } from './browser.ts';
import { linkIn } from './mailbox.ts';
import { codeOf, isSignedIn, newAddress, PASSWORD, SESSION, startPeople, type PeopleSystem } from './people.fixture.ts';

let people: PeopleSystem;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stop());

const signInAs = (browser: Browser, email: string, password: string) =>
  browser.post('/api/auth/sign-in/email', { email, password });

describe('signing in', () => {
  it('by address and password, in any case of the address', async () => {
    const ada = await people.person('ada');
    const browser = await people.signIn(ada.toUpperCase());
    const me = await browser.get('/api/me');
    expect(me.body).toMatchObject({
      user: { email: ada, name: 'ada', isEmailVerified: true, hasSecondFactor: false },
      signedIn: { by: 'session', method: 'password', rights: null, organizationId: null },
    });
  });

  it('gives the session to the cookie alone: HttpOnly, SameSite, and in no answer that a script can read', async () => {
    const ada = await people.person('ada');
    const browser = people.browser();
    const answer = await signInAs(browser, ada, PASSWORD);
    const [cookie = '', ...others] = setCookiesOf(answer).filter((each) => each.startsWith(SESSION));
    expect(others).toEqual([]);
    expect(cookie.split('; ').slice(1)).toEqual(
      expect.arrayContaining(['Max-Age=604800', 'Path=/', 'HttpOnly', 'SameSite=Lax']),
    );
    expect(cookie).not.toMatch(/Domain=/i);
    const [token = ''] = decodeURIComponent(browser.cookie(SESSION) ?? '').split('.');
    expect(token.length).toBeGreaterThan(20);
    expect(answer.text).not.toContain(token);
    for (const path of ['/api/auth/get-session', '/api/me', '/api/sessions'])
      expect((await browser.get(path)).text).not.toContain(token);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('off this machine, sends cookies over TLS only', async () => {
    const ada = await people.person('ada');
    const secure = await people.system.addApi({
      env: { PUBLIC_URL: 'https://api.example.com', CONSOLE_URL: 'https://console.example.com' },
    });
    const answer = await fetch(`${secure.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://console.example.com' },
      body: JSON.stringify({ email: ada, password: PASSWORD }),
    });
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Secure-countersign\.session_token=/);
    expect(cookie.split('; ')).toEqual(expect.arrayContaining(['Secure', 'HttpOnly', 'SameSite=Lax']));
    await secure.stop();
  });

  it('records from where, by what proxies say and not by what others claim', async () => {
    const address = newAddress();
    const browser = await people.signIn(await people.person('ada'), people.browser(address));
    const { sessions } = (await browser.get('/api/sessions')).body as { sessions: object[] };
    expect(sessions).toMatchObject([{ address, userAgent: 'Mozilla/5.0 (test)', method: 'password', isCurrent: true }]);

    const liar = people.browser();
    await liar.post(
      '/api/auth/sign-in/email',
      { email: await people.person('bob'), password: PASSWORD },
      { 'x-countersign-address': '198.51.100.7' },
    );
    expect((await liar.get('/api/sessions')).body).toMatchObject({ sessions: [{ address: liar.address }] });
  });

  it('is not possible before the address is confirmed', async () => {
    const browser = people.browser();
    const email = `new-${crypto.randomUUID()}@example.com`;
    await browser.post('/api/auth/sign-up/email', { name: 'new', email, password: PASSWORD });
    const answer = await signInAs(browser, email, PASSWORD);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'sign_in.email_unverified']);
    expect(await isSignedIn(browser)).toBe(false);
  });
});

describe('ending sessions', () => {
  it('signing out ends this one, everywhere ends all, and each by its id', async () => {
    const ada = await people.person('ada');
    const [here, there, elsewhere] = [await people.signIn(ada), await people.signIn(ada), await people.signIn(ada)];
    const kept = here.cookie(SESSION) ?? '';
    expect((await here.post('/api/auth/sign-out')).status).toBe(200);
    expect(here.cookie(SESSION)).toBeNull();
    // Not only forgotten by the browser.
    here.setCookie(SESSION, kept);
    expect(await isSignedIn(here)).toBe(false);

    const { sessions } = (await there.get('/api/sessions')).body as { sessions: { id: string; isCurrent: boolean }[] };
    expect(sessions).toHaveLength(2);
    const other = sessions.find(({ isCurrent }) => !isCurrent)?.id;
    expect((await there.delete(`/api/sessions/${other}`)).status).toBe(204);
    expect([await isSignedIn(there), await isSignedIn(elsewhere)]).toEqual([true, false]);

    const again = await people.signIn(ada);
    expect((await there.post('/api/auth/revoke-sessions')).status).toBe(200);
    expect([await isSignedIn(there), await isSignedIn(again)]).toEqual([false, false]);
  });

  it('nobody ends the session of somebody else', async () => {
    const [ada, eve] = [
      await people.signIn(await people.person('ada')),
      await people.signIn(await people.person('eve')),
    ];
    const { sessions } = (await ada.get('/api/sessions')).body as { sessions: { id: string }[] };
    for (const id of [sessions[0]?.id, crypto.randomUUID(), '..%2f', 'x']) {
      const answer = await eve.delete(`/api/sessions/${id}`);
      expect([answer.status, codeOf(answer)]).toEqual([404, 'sessions.not_found']);
    }
    expect(await isSignedIn(ada)).toBe(true);
  });

  it('a changed password ends every other session', async () => {
    const ada = await people.person('ada');
    const [here, there] = [await people.signIn(ada), await people.signIn(ada)];
    const wrong = await here.post('/api/auth/change-password', { currentPassword: 'x', newPassword: `${PASSWORD}!` });
    expect([wrong.status, codeOf(wrong)]).toEqual([403, 'sign_in.wrong_password']);
    const changed = await here.post('/api/auth/change-password', {
      currentPassword: PASSWORD,
      newPassword: `${PASSWORD}!`,
    });
    expect(changed.status, changed.text).toBe(200);
    expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([true, false]);
    expect((await signInAs(people.browser(), ada, PASSWORD)).status).toBe(401);
    expect((await here.get('/api/me')).body).toMatchObject({ signedIn: { method: 'password' } });
  });
});

describe('pages of others', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['an origin that begins alike', { origin: `${CONSOLE_URL}.evil.example` }],
    ['another port', { origin: 'http://localhost:3001' }],
    ['a browser that names no origin', { origin: null }],
    ['another site', { origin: null, 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { origin: null, 'sec-fetch-site': 'same-site' }],
  ])('cannot act for who is signed in: %s', async (_, headers) => {
    const browser = await people.signIn(await people.person('ada'));
    const attempts = [
      browser.post('/api/auth/sign-out', {}, headers),
      browser.post('/api/auth/revoke-sessions', {}, headers),
      browser.post('/api/tokens', { name: 'x', rights: ['teams:read'], expiresAt: inAnHour() }, headers),
    ];
    for (const answer of await Promise.all(attempts))
      expect([answer.status, codeOf(answer)]).toEqual([403, 'sign_in.foreign_origin']);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('cannot sign a browser in as somebody else', async () => {
    const eve = await people.person('eve');
    const victim = people.browser();
    const answer = await victim.post(
      '/api/auth/sign-in/email',
      { email: eve, password: PASSWORD },
      { origin: 'https://evil.example' },
    );
    expect([answer.status, codeOf(answer), setCookiesOf(answer)]).toEqual([403, 'sign_in.foreign_origin', []]);
  });

  it('forms, which need no origin’s leave, are not read', async () => {
    const browser = await people.signIn(await people.person('ada'));
    const form = await browser.post('/api/auth/sign-out', 'x=1', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.status).toBe(415);
    const text = await browser.post('/api/auth/sign-out', '{}', { 'content-type': 'text/plain' });
    expect(text.status).toBe(415);
  });

  it('are nowhere that we redirect to', async () => {
    const browser = people.browser();
    const answer = await browser.post('/api/auth/send-verification-email', {
      email: 'ada@example.com',
      callbackURL: 'https://evil.example/',
    });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'sign_in.foreign_redirect']);
  });
});

describe('session fixation', () => {
  it('a session that was there before is never the one that somebody signs in to', async () => {
    const [ada, eve] = [await people.person('ada'), await people.person('eve')];
    const attacker = await people.signIn(eve);
    const planted = attacker.cookie(SESSION) ?? '';
    const victim = people.browser();
    victim.setCookie(SESSION, planted);
    expect((await signInAs(victim, ada, PASSWORD)).status).toBe(200);
    expect(victim.cookie(SESSION)).not.toBe(planted);
    expect((await victim.get('/api/me')).body).toMatchObject({ user: { email: ada } });
    expect((await attacker.get('/api/me')).body).toMatchObject({ user: { email: eve } });
  });

  it('a cookie that somebody made up is nobody’s, before and after', async () => {
    const browser = people.browser();
    browser.setCookie(SESSION, 'chosen-by-the-attacker.signature');
    expect(await isSignedIn(browser)).toBe(false);
    await people.signIn(await people.person('ada'), browser);
    expect(browser.cookie(SESSION)).not.toContain('chosen');
  });

  it('a token without its signature, or with that of another, is nobody’s', async () => {
    const [ada, eve] = [
      await people.signIn(await people.person('ada')),
      await people.signIn(await people.person('eve')),
    ];
    const [token = ''] = decodeURIComponent(ada.cookie(SESSION) ?? '').split('.');
    const [, signature = ''] = decodeURIComponent(eve.cookie(SESSION) ?? '').split(/\.(.*)/s);
    for (const forged of [token, `${token}.`, encodeURIComponent(`${token}.${signature}`)]) {
      const browser = people.browser();
      browser.setCookie(SESSION, forged);
      expect(await isSignedIn(browser)).toBe(false);
    }
  });
});

describe('a new password', () => {
  const resetToken = async (email: string) => {
    const asked = await people.browser().post('/api/auth/request-password-reset', { email });
    expect(asked.status).toBe(200);
    const link = linkIn(await people.mailbox.next(email));
    expect(link.origin + link.pathname).toBe(`${CONSOLE_URL}/reset-password`);
    // After `#`: browsers send that to no server, so no log has it.
    return new URLSearchParams(link.hash.slice(1)).get('token') ?? '';
  };
  const reset = (token: string, newPassword: string) =>
    people.browser().post('/api/auth/reset-password', { token, newPassword });

  it('is set by a mail, once, and ends every session and other link', async () => {
    const ada = await people.person('ada');
    const browser = await people.signIn(ada);
    const [older, token] = [await resetToken(ada), await resetToken(ada)];
    const short = await reset(token, 'too short');
    expect([short.status, codeOf(short)]).toEqual([422, 'sign_in.password_unfit']);
    const done = await reset(token, 'another horse entirely');
    expect(done.status, done.text).toBe(200);
    for (const used of [token, older, 'made-up']) {
      const again = await reset(used, 'a third horse, perhaps');
      expect([again.status, codeOf(again)]).toEqual([400, 'sign_in.link_over']);
    }
    expect(await isSignedIn(browser)).toBe(false);
    expect((await signInAs(people.browser(), ada, PASSWORD)).status).toBe(401);
    expect((await signInAs(people.browser(), ada, 'another horse entirely')).status).toBe(200);
  });

  it('unlocks an account that somebody locked', async () => {
    const ada = await people.person('ada');
    for (let tries = 0; tries < 11; tries += 1) await signInAs(people.browser(), ada, 'wrong wrong wrong');
    expect((await signInAs(people.browser(), ada, PASSWORD)).status).toBe(429);
    await reset(await resetToken(ada), 'another horse entirely');
    expect((await signInAs(people.browser(), ada, 'another horse entirely')).status).toBe(200);
  });

  it.each(['known', 'unknown'])('is not mailed without end, to an address that is %s', async (which) => {
    const email = which === 'known' ? await people.person('ada') : `nobody-${crypto.randomUUID()}@example.com`;
    const ask = () => people.browser().post('/api/auth/request-password-reset', { email });
    // The mail of the sign-up counts as well.
    if (which === 'unknown') await ask();
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const last = await ask();
    expect([last.status, codeOf(last)]).toEqual([429, 'sign_in.too_many_attempts']);
    expect(people.mailbox.mails.filter(({ to }) => to === email).length).toBeLessThanOrEqual(which === 'known' ? 3 : 0);
  });
});

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
