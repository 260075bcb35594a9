import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { HttpAnswer } from '@countersign/harness';
import { arrangeAgent, arrangeOrganization } from '@countersign/harness';
import { buildClientSchema, getIntrospectionQuery, printSchema, type IntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowAll } from '../support/policies.ts';
import type { Browser } from './browser.ts';
import { startPeople, type PeopleSystem } from './people.fixture.ts';

let people: PeopleSystem;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stop());

const query = '{ me { person { email } method rights } }';
const ask = (browser: Browser, headers: Readonly<Record<string, string | null>> = {}) =>
  browser.post('/graphql', { query }, headers);
const codesOf = ({ body }: HttpAnswer) =>
  ((body as { errors?: { extensions: { code: string } }[] }).errors ?? []).map(({ extensions: { code } }) => code);

describe('GraphQL', () => {
  it('knows who asks, by session and by token, and nobody', async () => {
    const email = await people.person('ada');
    const browser = await people.signIn(email);
    expect((await ask(browser)).body).toEqual({
      data: { me: { person: { email }, method: 'password', rights: null } },
    });

    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const issued = await browser.post('/api/tokens', { name: 'x', rights: ['teams:read'], expiresAt });
    const authorization = `Bearer ${(issued.body as { token: string }).token}`;
    expect((await ask(people.browser(), { authorization, origin: null })).body).toEqual({
      data: { me: { person: { email }, method: 'token', rights: ['teams:read'] } },
    });
    expect((await ask(people.browser())).body).toEqual({ data: { me: null } });
  });

  it('has the schema that is committed, in the built api too: a bundler gives classes other names', async () => {
    const { body } = await people.browser().post('/graphql', { query: getIntrospectionQuery() });
    const served = buildClientSchema((body as { data: IntrospectionQuery }).data);
    const committed = path.resolve(import.meta.dirname, '../../../../libs/graphql-server/schema.graphql');
    expect(`${printSchema(served)}\n`).toBe(await readFile(committed, 'utf8'));
  });

  it('is not asked by pages of others', async () => {
    const browser = await people.signIn(await people.person('ada'));
    const answer = await ask(browser, { origin: 'https://evil.example' });
    expect([answer.status, codesOf(answer)]).toEqual([403, ['sign_in.foreign_origin']]);
  });

  it('I4: is not asked by agents', async () => {
    const { operator } = people.system;
    const organization = await arrangeOrganization(operator, ['shop']);
    const { key } = await arrangeAgent(operator, organization, { team: 'shop', policy: allowAll });
    const answer = await ask(people.browser(), { authorization: `Bearer ${key}` });
    expect([answer.status, codesOf(answer)]).toEqual([403, ['sign_in.agent_refused']]);
  });

  it('stays up whatever is sent', async () => {
    const browser = people.browser();
    const sent = ['{', '[]', '"x"', '{"query":{}}', '{"query":"{"}', `{"query":"${'{a'.repeat(5_000)}"}`];
    for (const body of sent) expect((await browser.post('/graphql', body)).status).toBe(400);
    expect((await ask(browser)).status).toBe(200);
  });
});
