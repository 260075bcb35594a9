import { randomUUID } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOperator, type Answer, type Operated } from './operator.fixture.ts';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<'get' | 'post', Described>>>>;
}
interface Described {
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

let api: Operated;
let key: string;
let document: Document;
let ajv: Ajv2020;

beforeAll(async () => {
  api = await openOperator();
  ({ key } = await api.openOrganization('lovelace'));
  const described = await api.call('GET', '/openapi.json', { as: '' });
  document = JSON.parse(described.text) as Document;
  ajv = new Ajv2020({ strict: false, formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/, uuid: true, uri: true } });
  ajv.addSchema(closed(document) as object, 'openapi');
});
afterAll(() => api.close());

/** Clients ignore what they do not know; this test does not: an answer may hold nothing that is not described. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, closed(each)]));
  return isOpen(value) ? { ...inner, additionalProperties: false } : inner;
}

/** Problems stay open: each code may carry what belongs to it. */
const isOpen = (schema: object) => {
  const { type, properties, additionalProperties } = schema as Readonly<Record<string, unknown>>;
  const isObject = type === 'object' && typeof properties === 'object' && properties !== null;
  return isObject && additionalProperties === undefined && !('code' in properties);
};

/** What differs between an answer and its description; empty when nothing does. */
function differences(route: string, { status, type, body, text }: Answer): readonly unknown[] {
  const [method = '', path = ''] = route.split(' ');
  const [media = ''] = type.split(';');
  if (!mediaOf(path, method, status).includes(media)) return [`${route}: ${status} ${media} is not described`];

  const pointer = ['paths', path, method, 'responses', String(status), 'content', media, 'schema']
    .map(escaped)
    .join('/');
  ajv.validate({ $ref: `openapi#/${pointer}` }, media.endsWith('json') ? body : text);
  return ajv.errors ?? [];
}

const mediaOf = (path: string, method: string, status: number) =>
  Object.keys(document.paths[path]?.[method as 'get'].responses[status]?.content ?? {});

/** RFC 6901, inside of a URI. */
const escaped = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Sends one request and holds the answer against the document. */
async function described(
  route: string,
  to: { readonly at?: string; readonly body?: unknown; readonly as?: string } = {},
): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  const answer = await api.call(method.toUpperCase(), to.at ?? path, { as: to.as ?? key, body: to.body });
  expect(differences(route, answer), answer.text).toEqual([]);
  return answer;
}

const decide = (action: object) => described('post /v1/decisions', { body: { requestId: randomUUID(), ...action } });
const ofDecision = (route: string, id: unknown, body?: unknown) =>
  described(route, { at: (route.split(' ')[1] ?? '').replace('{id}', String(id)), body });

describe('what agents are answered', () => {
  it('is as described, whatever the verdict', async () => {
    const verdicts = await Promise.all([
      decide({ intent: 'shop.buy', target: 'books', cost: { usd: '0.1' } }),
      decide({ intent: 'refund.issue', target: 'order-1009', args: { amount: 120 } }),
      decide({ intent: 'fs.delete', target: '/var' }),
      decide({ intent: 'llm.chat', cost: { usd: '5' } }),
    ]);
    expect(verdicts.map(({ body }) => body['verdict'])).toEqual(['allow', 'ask', 'block', 'block']);
  });

  it('is as described for a decision from its first request to its receipt', async () => {
    const action = {
      requestId: randomUUID(),
      intent: 'llm.chat',
      target: 'gpt-4o',
      cost: { usd: '0.1' },
      run: 'run-1',
    };
    const { id } = (await described('post /v1/decisions', { body: action })).body;
    expect((await described('post /v1/decisions', { body: action })).body['repeat']).toBe(true);
    expect((await described('post /v1/decisions', { body: { ...action, target: 'o3' } })).body.code).toBe(
      'request.reused',
    );

    const read = await ofDecision('get /v1/decisions/{id}', id);
    expect(read.body['action']).toMatchObject({ intent: 'llm.chat', cost: { usd: '0.1' }, run: 'run-1' });
    const extended = await ofDecision('post /v1/decisions/{id}/extend', id, {
      extensionId: 'e-1',
      cost: { usd: '0.1' },
    });
    expect(extended.body['verdict']).toBe('allow');
    const report = { status: 'success', cost: { usd: '0.15' }, result: { text: 'hello' } };
    const outcome = await ofDecision('post /v1/decisions/{id}/outcome', id, report);
    expect(outcome.body).toMatchObject({ settled: { usd: '0.15' }, unreported: false, late: false, repeat: false });
    expect((await ofDecision('post /v1/decisions/{id}/outcome', id, report)).body['repeat']).toBe(true);
    const other = await ofDecision('post /v1/decisions/{id}/outcome', id, { status: 'error' });
    expect(other).toMatchObject({ status: 409, body: { code: 'outcome.already_reported' } });
    const closedRequest = await described('post /v1/decisions', { body: action });
    expect(closedRequest).toMatchObject({
      status: 409,
      body: { code: 'request.closed', decision: { id, state: 'reported' } },
    });
    expect((await ofDecision('get /v1/decisions/{id}/receipt', id)).body['format']).toBe('countersign-receipt/1');
  });

  it('is as described for an ask that is taken back, with and without a body', async () => {
    const { id } = (await decide({ intent: 'refund.issue' })).body;
    expect((await ofDecision('post /v1/decisions/{id}/cancel', id)).body).toEqual({ id, state: 'cancelled' });
    expect((await ofDecision('post /v1/decisions/{id}/cancel', id, {})).status).toBe(200);
    expect((await ofDecision('post /v1/decisions/{id}/cancel', id, { now: true })).status).toBe(400);
    expect((await ofDecision('get /v1/decisions/{id}', id)).body).toMatchObject({ state: 'cancelled', next: 'stop' });
    expect((await ofDecision('post /v1/decisions/{id}/outcome', id, { status: 'success' })).body.code).toBe(
      'outcome.not_allowed',
    );
  });

  it('is as described for batches, in which each entry stands alone', async () => {
    const good = { requestId: randomUUID(), intent: 'shop.buy' };
    const decided = await described('post /v1/decisions/batch', {
      body: { actions: [good, { intent: 'shop.buy' }, 5] },
    });
    const [first, ...refused] = decided.body['decisions'] as { ok: boolean; decision?: { id: string } }[];
    expect(refused.map(({ ok }) => ok)).toEqual([false, false]);
    const report = { decisionId: first?.decision?.id, status: 'cancelled' };
    const answers = await described('post /v1/outcomes/batch', {
      body: { outcomes: [report, { status: 'success' }, { ...report, cost: { usd: '1' } }] },
    });
    const results = answers.body['results'] as {
      ok: boolean;
      problem?: { status: number; code: string; errors: unknown };
    }[];
    expect(results.map(({ ok, problem }) => [ok, problem?.status, problem?.code])).toEqual([
      [true, undefined, undefined],
      [false, 400, 'request.invalid'],
      [false, 422, 'outcome.cancelled_with_cost'],
    ]);
    expect(results[1]?.problem?.errors).toMatchObject([{ field: 'decisionId', code: 'field.missing' }]);
  });

  it('is as described for the transparency log and for who the agent is', async () => {
    expect((await described('get /v1/checkpoint')).text).toMatch(/^ledger\.example\//);
    expect((await described('get /.well-known/countersign/keys')).text).toMatch(/^ledger\.example\//);
    const inclusion = 'get /v1/proofs/inclusion';
    expect((await described(inclusion, { at: '/v1/proofs/inclusion?position=1' })).body['position']).toBe(1);
    expect((await described(inclusion, { at: '/v1/proofs/inclusion?position=999999' })).status).toBe(400);
    expect((await described('get /v1/proofs/consistency', { at: '/v1/proofs/consistency?from=1' })).body['from']).toBe(
      1,
    );
    expect((await described('get /v1/me')).body['agent']).toMatchObject({ name: 'buyer' });
  });
});

describe('a budget wider than the agent', () => {
  const house = `apiVersion: countersign/v1
name: house
explain: full
budgets: [{ name: house-total, scope: organization, match: "shop.*:*", unit: usd, window: total, cap: 0.7312 }]
`;

  it('shows an agent no figures, whether it asks or asks for more', async () => {
    const agent = await api.openOrganization('franklin');
    await api.command(agent.name, { type: 'PublishPolicy', document: house });
    await api.command(agent.name, { type: 'AttachPolicy', name: 'house', layer: 'organization', point: agent.name });
    const body = { requestId: randomUUID(), intent: 'shop.buy', cost: { usd: '0.5' } };
    const allowed = await described('post /v1/decisions', { as: agent.key, body });
    const at = `/v1/decisions/${String(allowed.body['id'])}/extend`;
    const more = { extensionId: 'more', cost: { usd: '0.5' } };
    const extended = await described('post /v1/decisions/{id}/extend', { as: agent.key, at, body: more });

    expect(extended.body).toMatchObject({
      verdict: 'block',
      reasons: [{ code: 'budget.exceeded', rule: 'house-total' }, {}],
    });
    expect([allowed.text, extended.text].join()).not.toContain('0.7312');
  });
});

describe('a request that cannot be served', () => {
  it('is 401 without a key, on every route', async () => {
    for (const [path, methods] of Object.entries(document.paths))
      for (const method of Object.keys(methods)) {
        const answer = await described(`${method} ${path}`, { as: '', at: path.replace('{id}', 'x') });
        expect([answer.status, answer.body.code], path).toEqual([401, 'key.unknown']);
      }
  });

  it('says as problem+json what is wrong with its path, method, type or size', async () => {
    const problemOf = async (method: string, path: string, init: RequestInit = {}) => {
      const answer = await fetch(`${api.url}${path}`, {
        method,
        ...init,
        headers: { authorization: `Bearer ${key}`, ...init.headers },
      });
      expect(answer.headers.get('content-type'), path).toContain('application/problem+json');
      return [answer.status, ((await answer.json()) as { code: string }).code];
    };
    const json = { 'content-type': 'application/json' };
    expect(await problemOf('GET', '/v1/nothing')).toEqual([404, 'request.no_such_route']);
    expect(await problemOf('DELETE', '/v1/decisions')).toEqual([404, 'request.no_such_route']);
    expect(await problemOf('GET', '/v1/decisions/%zz')).toEqual([400, 'request.invalid']);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])
      expect(await problemOf('POST', '/v1/decisions', { body: '{}', headers: { 'content-type': type } }), type).toEqual(
        [415, 'request.unsupported_media_type'],
      );
    const large = { body: 'x'.repeat(4 * 1_024 * 1_024 + 1), headers: json };
    expect(await problemOf('POST', '/v1/decisions/batch', large)).toEqual([413, 'request.too_large']);
  });
});
