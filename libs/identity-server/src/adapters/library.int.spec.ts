import { LogMailer } from '@countersign/mail';
import { openIdentityDatabase, type IdentityDatabase } from '@countersign/prisma';
import { openDatabase, type TestDatabase } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AuthMails } from '../application/auth-mails.ts';
import { identityConfigOf, identitySettings } from '../identity.config.ts';
import { Authentication } from './authentication.ts';
import { hashOfSessionToken } from './hashed-session-tokens.ts';
import { LibrarySignIns } from './library-sign-ins.ts';
import { PrismaPeople } from './prisma-people.ts';
import { PrismaPersonalTokens } from './prisma-personal-tokens.ts';
import { PrismaSessions } from './prisma-sessions.ts';

const PASSWORD = 'correct horse battery staple';
const ORIGIN = 'http://localhost:4000';

let database: TestDatabase;
let identity: IdentityDatabase;
let authentication: Authentication;
let people: PrismaPeople;
let signIns: LibrarySignIns;
const printed: string[] = [];

beforeAll(async () => {
  database = await openDatabase();
  identity = openIdentityDatabase(database.appUrl, { connections: 4 });
  const config = identityConfigOf(z.object(identitySettings).parse({}));
  authentication = new Authentication({
    database: identity,
    config,
    secret: 'a secret of at least thirty-two characters',
    mails: new AuthMails(new LogMailer((line) => printed.push(line)), config),
    afterReset: async () => undefined,
    isFirstUse: async () => true,
    inBackground: (work) => void work,
    log: (_, line) => printed.push(line),
  });
  people = new PrismaPeople(identity, authentication);
  signIns = new LibrarySignIns(authentication, new PrismaPersonalTokens(identity));
});
afterAll(async () => {
  await identity.$disconnect();
  await database.drop();
});

async function ask(path: string, body: object | null, cookie = ''): Promise<Response> {
  const { handler } = await authentication.current();
  return handler(
    new Request(`${ORIGIN}/api/auth${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { origin: ORIGIN, ...(cookie && { cookie }), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    }),
  );
}

async function newPerson() {
  const email = `ada-${crypto.randomUUID()}@example.com`;
  const made = await people.register({ name: 'Ada', email, password: PASSWORD });
  if (!made.ok) throw new Error(made.code);
  return made.person;
}

async function signIn(email: string) {
  const answer = await ask('/sign-in/email', { email, password: PASSWORD });
  const [cookie = ''] = answer.headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
  const [token = ''] = decodeURIComponent(cookie.split('=')[1] ?? '').split('.');
  return { cookie, token };
}

describe('sessions', () => {
  it('I13: are kept by the hash of their token', async () => {
    const { id, email } = await newPerson();
    const { cookie, token } = await signIn(email);
    const rows = await identity.session.findMany({ where: { userId: id } });
    expect(rows).toMatchObject([{ token: hashOfSessionToken(token), method: 'password' }]);
    expect(await signIns.whoIs({ cookie, bearer: '' })).toMatchObject({ userId: id, credential: rows[0]?.id });
  });

  it('nobody signs in by what the table holds', async () => {
    const { email } = await newPerson();
    const { cookie, token } = await signIn(email);
    const stolen = cookie.replace(token, hashOfSessionToken(token));
    expect(await signIns.whoIs({ cookie: stolen, bearer: '' })).toBeNull();
  });

  it('are prolonged by being used, with the same cookie', async () => {
    const { id, email } = await newPerson();
    const { cookie, token } = await signIn(email);
    const soon = new Date(Date.now() + 3_600_000);
    await identity.session.updateMany({ where: { userId: id }, data: { expiresAt: soon } });
    // Asking who it is prolongs nothing: the cookie could not be set anew.
    await signIns.whoIs({ cookie, bearer: '' });
    expect(await identity.session.findFirst({ where: { userId: id } })).toMatchObject({ expiresAt: soon });

    const answer = await ask('/get-session', null, cookie);
    expect(answer.headers.getSetCookie()[0]).toContain(cookie.split('.')[0]);
    const [session] = await identity.session.findMany({ where: { userId: id } });
    expect(session?.token).toBe(hashOfSessionToken(token));
    expect(session?.expiresAt.getTime()).toBeGreaterThan(Date.now() + 6 * 86_400_000);
  });

  it('end at their time', async () => {
    const { id, email } = await newPerson();
    const { cookie } = await signIn(email);
    await identity.session.updateMany({ where: { userId: id }, data: { expiresAt: new Date(Date.now() - 1) } });
    expect(await signIns.whoIs({ cookie, bearer: '' })).toBeNull();
    expect(await identity.session.count({ where: { userId: id } })).toBe(0);
  });

  it('end one by one, by sign-out, and all at once', async () => {
    const { id, email } = await newPerson();
    const [one, two, three] = [await signIn(email), await signIn(email), await signIn(email)];
    const sessions = new PrismaSessions(identity);
    const [newest] = await sessions.list(id);
    expect(await sessions.end((await newPerson()).id, newest?.id ?? '')).toBe(false);
    expect(await sessions.end(id, newest?.id ?? '')).toBe(true);
    expect(await signIns.whoIs({ cookie: three.cookie, bearer: '' })).toBeNull();
    await ask('/sign-out', {}, two.cookie);
    expect(await identity.session.count({ where: { userId: id } })).toBe(1);
    await ask('/revoke-sessions', {}, one.cookie);
    expect(await identity.session.count({ where: { userId: id } })).toBe(0);
  });
});

describe('people', () => {
  it('of two that race for an address, in whatever case, one is made', async () => {
    const email = `race-${crypto.randomUUID()}@example.com`;
    const made = await Promise.all(
      [email, email.toUpperCase(), email].map((each) =>
        people.register({ name: 'x', email: each, password: PASSWORD }),
      ),
    );
    expect(made.filter(({ ok }) => ok)).toHaveLength(1);
    expect(made.filter((each) => !each.ok).map((each) => !each.ok && each.code)).toEqual([
      'people.email_taken',
      'people.email_taken',
    ]);
    expect(await people.findByEmail(email.toUpperCase())).toMatchObject({ email, isEmailVerified: true });
  });

  it('have passwords of 12 to 128 characters', async () => {
    for (const password of ['x'.repeat(11), 'x'.repeat(129)])
      expect(await people.register({ name: 'x', email: 'short@example.com', password })).toEqual({
        ok: false,
        code: 'people.password_unfit',
      });
    expect(await people.findByEmail('short@example.com')).toBeNull();
  });

  it('are found by id, and what is no id is nobody', async () => {
    const ada = await newPerson();
    const found = await people.find([ada.id, crypto.randomUUID(), 'nobody', "'; drop table users"]);
    expect([...found]).toEqual([[ada.id, ada]]);
  });
});

describe('the application’s role', () => {
  it.each([
    ['takes no token away', 'delete from identity.personal_tokens'],
    ['takes no operator’s token away', 'delete from identity.operator_tokens'],
    ['empties no table', 'truncate identity.sessions'],
    ['changes no table', 'alter table identity.users add column is_admin boolean'],
  ])('%s', async (_, statement) => {
    await expect(identity.$executeRawUnsafe(statement)).rejects.toThrow(/permission denied|must be owner/);
  });
});

it('a database that is away is no reason to let anybody in', async () => {
  const away = openIdentityDatabase('postgres://nobody:x@127.0.0.1:9/none', { connections: 1 });
  const config = identityConfigOf(z.object(identitySettings).parse({}));
  const lost = new Authentication({
    database: away,
    config,
    secret: 'a secret of at least thirty-two characters',
    mails: new AuthMails(new LogMailer(() => undefined), config),
    afterReset: async () => undefined,
    isFirstUse: async () => true,
    inBackground: (work) => void work,
    log: () => undefined,
  });
  const { email } = await newPerson();
  const { cookie } = await signIn(email);
  const asked = new LibrarySignIns(lost, new PrismaPersonalTokens(away));
  await expect(asked.whoIs({ cookie, bearer: '' })).rejects.toMatchObject({ code: 'database.away' });
  await expect(asked.whoIs({ cookie: '', bearer: `csp_${'x'.repeat(43)}` })).rejects.toThrow();
  await away.$disconnect();
});
