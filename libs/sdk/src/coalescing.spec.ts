import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { countersign } from './countersign.ts';
import { allowed, blocked, decisions, problem, startFakeApi, type Handler } from './fake-api.mother.ts';

const api = await startFakeApi();
afterAll(api.close);
beforeEach(api.reset);

const clientOf = (timeoutMs = 2_000) => countersign({ url: api.url, key: 'csk_ada', timeoutMs });
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ intent: 'crm.read', target: `customer-${index}` }));
const sizes = () => api.received.map(({ body }) => body.actions.length);

/** Each answer says which action it belongs to. */
const echo = decisions(({ target }) => blocked({ reasons: [{ code: 'policy.rule', message: String(target) }] }));
const targetsOf = (answers: readonly { reasons: readonly { message?: string }[] }[]) =>
  answers.map(({ reasons }) => reasons[0]?.message);

describe('concurrent calls travel together', () => {
  it('1,000 decisions of one tick are two requests of 500, and each caller gets its own answer', async () => {
    api.on(echo);
    const client = clientOf();
    const answers = await Promise.all(numbered(1_000).map((action) => client.decide(action)));
    expect(sizes()).toEqual([500, 500]);
    expect(targetsOf(answers)).toEqual(numbered(1_000).map(({ target }) => target));
  });

  it('what arrives while requests are in flight waits for one of them, not for a timer', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    api.on(async (received, count) => {
      if (count <= 4) await held;
      return echo(received, count);
    });
    const client = clientOf();
    const calls: Promise<unknown>[] = [];
    for (const action of numbered(20)) {
      calls.push(client.decide(action));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    release();
    await Promise.all(calls);
    expect(sizes()).toEqual([1, 1, 1, 1, 16]);
  });

  it('outcomes of one tick are one request', async () => {
    api.on(decisions(() => allowed()));
    const client = clientOf();
    await Promise.all(numbered(30).map(() => client.outcome(allowed().id, { status: 'success' })));
    expect(api.received.map(({ path, body }) => [path, body.outcomes.length])).toEqual([['/v1/outcomes/batch', 30]]);
  });

  it('calls one after another share a connection', async () => {
    api.on(echo);
    const client = clientOf();
    await client.decide({ intent: 'crm.read' });
    const before = api.connections();
    for (const action of numbered(20)) await client.decide(action);
    expect(api.connections() - before).toBeLessThanOrEqual(2);
  });

  it('a request stays within a megabyte of text', async () => {
    api.on(echo);
    const client = clientOf();
    const long = { text: 'x'.repeat(300_000) };
    await Promise.all(numbered(7).map((action) => client.decide({ ...action, args: long })));
    expect(sizes().sort()).toEqual([1, 3, 3]);
  });
});

describe('one bad call never costs the others theirs', () => {
  it('a refusal of one item is the error of one caller', async () => {
    api.on(({ body }) => ({
      body: {
        decisions: body.actions.map(({ target }) =>
          target === 'customer-3'
            ? { ok: false, problem: { status: 422, code: 'action.invalid', detail: 'run is too long', field: 'run' } }
            : { ok: true, decision: blocked() },
        ),
      },
    }));
    const client = clientOf();
    const settled = await Promise.allSettled(numbered(10).map((action) => client.decide(action)));
    expect(settled.map(({ status }) => status === 'fulfilled')).toEqual(numbered(10).map((_, index) => index !== 3));
    expect(settled[3]).toMatchObject({ reason: { code: 'action.invalid', problem: { field: 'run' } } });
  });

  it.each([401, 403, 409])('a %i is nobody’s content: the body is not sent again in parts', async (status) => {
    api.on(() => problem(status, 'key.scope'));
    const client = clientOf();
    await Promise.allSettled(numbered(4).map((action) => client.decide(action)));
    expect(sizes()).toEqual([4]);
  });

  it('an item that is neither yes nor no is believed by nobody', async () => {
    api.on(({ body }) => ({ body: { decisions: body.actions.map(() => ({ ok: 'yes', decision: allowed() })) } }));
    const client = clientOf();
    const settled = await Promise.allSettled(numbered(2).map((action) => client.decide(action)));
    expect(settled.map((one) => one.status === 'rejected' && (one.reason as { code: string }).code)).toEqual([
      'client.unreadable',
      'client.unreadable',
    ]);
  });

  it('a body refused as a whole is halved until the culprit stands alone', async () => {
    const strict: Handler = (received, count) =>
      received.text.includes('\\ud83d') ? problem(400, 'json.surrogate') : echo(received, count);
    api.on(strict);
    const client = clientOf();
    const actions = numbered(100).map((action, index) => (index === 37 ? { ...action, reason: '\ud83d' } : action));
    const settled = await Promise.allSettled(actions.map((action) => client.decide(action)));
    expect(settled.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([37]);
    expect(settled[37]).toMatchObject({ reason: { code: 'json.surrogate' } });
    expect(api.received.length).toBeLessThan(20);
  });

  it('an answer for another number of calls is believed by none', async () => {
    api.on(() => ({ body: { decisions: [{ ok: true, decision: allowed() }] } }));
    const client = clientOf();
    const settled = await Promise.allSettled(numbered(2).map((action) => client.decide(action)));
    expect(settled).toMatchObject([
      { reason: { code: 'client.unreadable' } },
      { reason: { code: 'client.unreadable' } },
    ]);
  });

  it('a request that never ends does not hold up the others', async () => {
    api.on((received, count) => (received.text.includes('customer-0') ? 'silence' : echo(received, count)));
    const client = clientOf(300);
    const stuck = client
      .decide({ intent: 'crm.read', target: 'customer-0' })
      .catch((error: { code: string }) => error.code);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await client.decide({ intent: 'crm.read', target: 'customer-1' })).toMatchObject({ verdict: 'block' });
    expect(await stuck).toBe('client.timeout');
  });
});
