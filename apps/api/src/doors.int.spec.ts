import { OrganizationRole, registryProblems, type OperationRights } from '@countersign/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doors, letsIn, type Kind } from './doors.fixture.ts';
import { at, openOperator, type Operated } from './operator.fixture.ts';
import { graph, joins, sessionOf } from './people.fixture.ts';
import { place } from './place.fixture.ts';
import { mutations, queries, type Place } from './walk.fixture.ts';

let operated: Operated;
let acme: Place;
let babbage: Place;
/** Who knocks, with the headers they knock with. */
const knocking: { readonly who: string; readonly kind: Kind; readonly headers: Readonly<Record<string, string>> }[] =
  [];

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

beforeAll(async () => {
  operated = await openOperator();
  for (const name of ['acme', 'babbage']) await operated.call('POST', '/operator/organizations', { body: { name } });
  acme = await place(operated, 'acme', 'support');
  babbage = await place(operated, 'babbage', 'sales');
  knocking.push(
    { who: 'nobody', kind: 'nobody', headers: {} },
    { who: 'nobody with a key', kind: 'forged-key', headers: bearer(`csk_${'A'.repeat(43)}`) },
    { who: 'nobody with a token', kind: 'nobody', headers: bearer(`csp_${'A'.repeat(43)}`) },
    { who: 'nobody as operator', kind: 'nobody', headers: bearer(`cso_${'A'.repeat(43)}`) },
    { who: 'an agent', kind: 'agent', headers: bearer(acme.key) },
    { who: 'an agent elsewhere', kind: 'agent', headers: bearer(babbage.key) },
    { who: 'the operator', kind: 'operator', headers: bearer(operated.token) },
  );
  for (const role of OrganizationRole.options) {
    const { email, token } = await joins(operated, 'acme', { name: role, role });
    knocking.push({ who: `${role} by token`, kind: 'token', headers: bearer(token) });
    knocking.push({ who: `${role} in person`, kind: 'session', headers: await sessionOf(operated, email) });
  }
}, 120_000);
afterAll(() => operated.close());

/** Codes that say that the door is shut, whatever is behind it. */
const SHUT =
  /"code":"(key\.\w+|operator\.(unauthenticated|agent_refused)|sign_in\.(required|session_required|agent_refused))"/;

/** What is asked names nothing that exists, so whoever gets in is refused for that or changes nothing. */
const pathOf = (url: string) =>
  url
    .replace(':organization', acme.organizationId)
    .replace('policies/:name', 'policies/none')
    .replace(':id', `dec_${'0'.repeat(32)}`)
    .replace('*', 'get-session');

async function knock(route: string, headers: Readonly<Record<string, string>>) {
  const [method = '', url = ''] = route.split(' ');
  const hasBody = method === 'POST';
  const answer = await fetch(`${operated.url}${pathOf(url)}`, {
    method,
    headers: { ...headers, ...(hasBody && { 'content-type': 'application/json' }) },
    ...(hasBody && { body: '{}' }),
  });
  const text = await answer.text();
  return { status: answer.status, text, isShut: [401, 403].includes(answer.status) && SHUT.test(text) };
}

describe('every door of the api', () => {
  it('is known, with whom it lets in', () => {
    const registry = Object.fromEntries(Object.keys(doors).map((name) => [name, { right: null, why: 'walked' }]));
    expect(registryProblems([...new Set(operated.routes)], registry as OperationRights)).toEqual([]);
  });

  it('lets in whom it is for, and nobody else', async () => {
    const wrong: string[] = [];
    for (const [route, door] of Object.entries(doors))
      for (const { who, kind, headers } of knocking) {
        const { status, text, isShut } = await knock(route, headers);
        if (isShut === letsIn[door].includes(kind)) wrong.push(`${route}, ${who}: ${status} ${text.slice(0, 200)}`);
        expect(status, `${route}, ${who}: ${text}`).not.toBe(500);
      }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('I7: tells an agent of nobody else’s decisions: they look like none', async () => {
    const absent = `dec_${'0'.repeat(32)}`;
    const ofDecisions = Object.keys(doors).filter((route) => / \/v1\/decisions\/:id/.test(route));
    expect(ofDecisions).toHaveLength(7);
    const bodies: Readonly<Record<string, object>> = {
      take: { takeId: 'x', action: { requestId: crypto.randomUUID(), intent: 'shop.buy' } },
      outcome: { status: 'success' },
      answers: { questionId: `qst_${'0'.repeat(32)}`, text: 'x' },
      extend: { extensionId: crypto.randomUUID(), cost: { usd: '1' } },
    };
    for (const route of ofDecisions) {
      const [method = '', url = ''] = route.split(' ');
      const body = bodies[url.split('/').at(-1) ?? ''] ?? {};
      const ask = (id: string) =>
        operated.call(method, url.replace(':id', id), { as: babbage.key, ...(method === 'POST' && { body }) });
      const [theirs, none] = [await ask(acme.decisionId), await ask(absent)];
      expect(theirs.text.replaceAll(acme.decisionId, absent), route).toBe(none.text);
      expect([theirs.status, none.status], `${route} ${none.text}`).toEqual([404, 404]);
    }
  });
});

interface Attempt {
  readonly operation: string;
  readonly minute: number;
  readonly count: number;
}

async function eventsAfter(position: number) {
  const { body } = await operated.call('GET', at('acme', `/events?from=${position}&limit=1000`));
  return body['events'] as readonly { readonly type: string; readonly payload: Attempt }[];
}

describe('I4: an agent that acts as a person', () => {
  it('is refused everything that people and operators do, and each kind of attempt is in the record once a minute', async () => {
    // A new agent: what others tried in this minute is counted already.
    await operated.command('acme', { type: 'RegisterAgent', name: 'climber', team: 'support' });
    const issued = await operated.command('acme', { type: 'IssueAgentKey', agent: 'climber' });
    const key = String(issued.body['key']);
    const before = Number((await operated.call('GET', at('acme'))).body['position']) + 1;

    const answers: string[] = [];
    for (const step of Object.values({ ...queries, ...mutations })) {
      const { status, codes } = await graph(operated, key, step(acme));
      answers.push(`${status} ${codes.join()}`);
    }
    expect(new Set(answers)).toEqual(new Set(['403 sign_in.agent_refused']));

    const forOthers = Object.keys(doors).filter((route) => !letsIn[doors[route] ?? 'anybody'].includes('agent'));
    for (const route of forOthers) {
      const { status, text } = await knock(route, bearer(key));
      expect([route, status, /agent_refused/.test(text)]).toEqual([route, 403, true]);
    }

    const events = await eventsAfter(before);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['AgentAttemptRefused']));
    const firsts = events.map(({ payload }) => payload).filter(({ count }) => count === 1);
    const keys = firsts.map(({ operation, minute }) => `${operation} ${minute}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(firsts.map(({ operation }) => operation))).toEqual(new Set(forOthers));
  }, 60_000);
});
