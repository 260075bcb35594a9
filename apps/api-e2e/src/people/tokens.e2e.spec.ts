import { createHash, randomBytes } from 'node:crypto';
import { arrangeAgent, arrangeOrganization, HttpClient, type HttpAnswer } from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowAll } from '../support/policies.ts';
import { connectAsSuperuser, recordedLedger } from '../support/recorded-ledger.ts';
import type { Browser } from './browser.ts';
import { codeOf, startPeople, type PeopleSystem } from './people.fixture.ts';

interface Issued {
  readonly id: string;
  readonly token: string;
  readonly prefix: string;
}

let people: PeopleSystem;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stop());

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const wish = { name: 'nightly report', rights: ['teams:read'], expiresAt: inSeconds(3_600) };

async function issue(browser: Browser, more: object = {}): Promise<Issued> {
  const answer = await browser.post('/api/tokens', { ...wish, ...more });
  expect(answer.status, answer.text).toBe(201);
  return answer.body as Issued;
}

async function carrying<Result>(token: string, work: (client: HttpClient) => Promise<Result>): Promise<Result> {
  const client = new HttpClient(people.api.url, token, 1);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}
const me = (token: string) => carrying(token, (client) => client.get('/api/me'));
const refusal = (answer: HttpAnswer) => [answer.status, codeOf(answer)];

describe('a personal token', () => {
  it('acts as its person with its rights and nothing more, and is shown once', async () => {
    const email = await people.person('ada');
    const browser = await people.signIn(email);
    const { id, token, prefix } = await issue(browser, { rights: ['args:read', 'teams:read'] });
    expect(token).toMatch(/^csp_[A-Za-z0-9_-]{43}$/);
    expect(token.startsWith(prefix)).toBe(true);
    expect((await me(token)).body).toMatchObject({
      user: { email },
      signedIn: { by: 'token', method: 'token', credential: id, rights: ['teams:read', 'args:read'] },
    });
    const list = await browser.get('/api/tokens');
    expect(list.body).toMatchObject({ tokens: [{ id, prefix, name: 'nightly report' }] });
    expect(list.text).not.toContain(token);
  });

  it('I13: is kept as a hash', async () => {
    const { token } = await issue(await people.signIn(await people.person('ada')));
    const sql = connectAsSuperuser(people.system.database.superuserUrl);
    try {
      const hash = createHash('sha256').update(token).digest();
      expect(await sql`select from identity.personal_tokens where hash = ${hash}`).toHaveLength(1);
      const [{ dump }] = (await sql`
        select coalesce(string_agg(t::text, ' '), '') as dump from identity.personal_tokens t`) as [{ dump: string }];
      expect(dump).not.toContain(token.slice(8));
      const sessions = await sql`select token from identity.sessions`;
      expect(sessions.length > 0 && sessions.every(({ token: kept }) => /^[\w-]{43}$/.test(String(kept)))).toBe(true);
    } finally {
      await sql.end();
    }
  });

  it('ends at its time', async () => {
    const { token } = await issue(await people.signIn(await people.person('ada')), { expiresAt: inSeconds(2) });
    expect((await me(token)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    expect(refusal(await me(token))).toEqual([401, 'sign_in.required']);
  });

  it('ends when it is revoked, with the next request; and nobody ends that of another', async () => {
    const [ada, eve] = [
      await people.signIn(await people.person('ada')),
      await people.signIn(await people.person('eve')),
    ];
    const { id, token } = await issue(ada);
    expect(refusal(await eve.delete(`/api/tokens/${id}`))).toEqual([404, 'tokens.not_found']);
    expect((await me(token)).status).toBe(200);
    expect((await ada.delete(`/api/tokens/${id}`)).status).toBe(204);
    expect(refusal(await me(token))).toEqual([401, 'sign_in.required']);
    expect(refusal(await ada.delete(`/api/tokens/${id}`))).toEqual([404, 'tokens.not_found']);
    expect((await ada.get('/api/tokens')).body).toEqual({ tokens: [] });
  });

  it('makes, shows and ends no token and no session, its own included', async () => {
    const { id, token } = await issue(await people.signIn(await people.person('ada')));
    const attempts = await carrying(token, async (client) => [
      await client.get('/api/tokens'),
      await client.post('/api/tokens', wish),
      await client.send({ method: 'DELETE', path: `/api/tokens/${id}` }),
      await client.get('/api/sessions'),
      await client.send({ method: 'DELETE', path: `/api/sessions/${id}` }),
    ]);
    expect(attempts.map(refusal)).toEqual(Array(5).fill([403, 'sign_in.session_required']));
    const change = await carrying(token, (client) =>
      client.post('/api/auth/change-password', { currentPassword: 'x', newPassword: 'y'.repeat(20) }),
    );
    expect(refusal(change)).toEqual([401, 'sign_in.required']);
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['one that nobody has', `csp_${randomBytes(32).toString('base64url')}`],
    ['an operator’s', `cso_${randomBytes(32).toString('base64url')}`],
  ])('%s is nobody, even beside a session', async (_, token) => {
    expect(refusal(await me(token))).toEqual([401, 'sign_in.required']);
    const browser = await people.signIn(await people.person('ada'));
    expect(refusal(await browser.get('/api/me', { authorization: `Bearer ${token}` }))).toEqual([
      401,
      'sign_in.required',
    ]);
  });

  it.each([
    ['of the past', { expiresAt: inSeconds(-1) }, 422, 'tokens.expiry_unfit'],
    ['of longer than a year', { expiresAt: inSeconds(400 * 86_400) }, 422, 'tokens.expiry_unfit'],
    ['until who knows when', { expiresAt: 'tomorrow' }, 400, 'request.invalid'],
    ['without rights', { rights: [] }, 400, 'request.invalid'],
    ['with a right that there is not', { rights: ['decisions:erase'] }, 400, 'request.invalid'],
    ['with a right twice', { rights: ['teams:read', 'teams:read'] }, 400, 'request.invalid'],
    ['with rights that are no list', { rights: 'teams:read' }, 400, 'request.invalid'],
    ['without a name', { name: '' }, 400, 'request.invalid'],
    ['with too long a name', { name: 'x'.repeat(101) }, 400, 'request.invalid'],
    ['with what tokens do not have', { colour: 'red' }, 400, 'request.invalid'],
  ])('is not made %s', async (_, more, status, code) => {
    const browser = await people.signIn(await people.person('ada'));
    expect(refusal(await browser.post('/api/tokens', { ...wish, ...more }))).toEqual([status, code]);
    expect((await browser.get('/api/tokens')).body).toEqual({ tokens: [] });
  });
});

describe('I4: agents stay agents', () => {
  it('an agent key opens nothing of people, beside a session either, and the attempts are recorded', async () => {
    const { operator } = people.system;
    const organization = await arrangeOrganization(operator, ['shop']);
    const agent = await arrangeAgent(operator, organization, { team: 'shop', policy: allowAll });
    const browser = await people.signIn(await people.person('ada'));
    const authorization = `Bearer ${agent.key}`;
    const attempts = [
      await browser.get('/api/me', { authorization }),
      await browser.post('/api/tokens', wish, { authorization }),
      await browser.get('/api/sessions', { authorization }),
      await browser.post('/api/auth/sign-out', {}, { authorization }),
      await browser.post('/api/auth/no-such-route', {}, { authorization }),
    ];
    expect(attempts.map(refusal)).toEqual(Array(5).fill([403, 'sign_in.agent_refused']));
    expect((await browser.get('/api/me')).status).toBe(200);
    const events = await recordedLedger(people.system, organization);
    const tried = JSON.stringify(events.filter(({ type }) => type === 'AgentAttemptRefused'));
    for (const operation of ['GET /api/me', 'POST /api/tokens', 'GET /api/sessions', 'POST /api/auth/'])
      expect(tried).toContain(operation);
  });
});
