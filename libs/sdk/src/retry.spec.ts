import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { countersign } from './countersign.ts';
import { allowed, decisions, problem, startFakeApi, type Reply } from './fake-api.mother.ts';
import { refused } from './failure.ts';
import { pauseMs } from './retry.ts';

const api = await startFakeApi();
afterAll(api.close);
beforeEach(api.reset);

const decide = (timeoutMs = 3_000) =>
  countersign({ url: api.url, key: 'csk_ada', timeoutMs }).decide({ intent: 'crm.read' });
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'passed',
    (error: { code: string; retryAt: string | null }) => error,
  );
const thenAllow = (...first: readonly Reply[]) =>
  api.on((received, count) => first[count - 1] ?? decisions(() => allowed({ repeat: true }))(received, count));
const busy = (code: number, retryAfter?: string) => ({
  ...(problem(code, 'server.busy') as object),
  headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
});

describe('retries are safe: the same text, so the same request id', () => {
  it.each<[string, Reply]>([
    ['a connection that broke', 'hang up'],
    ['a 503', busy(503)],
    ['a 429', busy(429)],
    ['a 503 that names no time', busy(503, 'soon')],
    ['a proxy that lost its server', { status: 502, body: '<html>' }],
    ['an answer that broke off', 'break off'],
  ])('after %s', async (_, reply) => {
    thenAllow(reply, reply);
    expect(await decide()).toMatchObject({ verdict: 'allow' });
    expect(new Set(api.received.map(({ text }) => text)).size).toBe(1);
    expect(api.received).toHaveLength(3);
  });

  it('after a 503 for one item of a batch that went through', async () => {
    const item = { ok: false, problem: { status: 503, code: 'queue.full' } };
    thenAllow({ body: { decisions: [item] } });
    expect(await decide()).toMatchObject({ verdict: 'allow' });
  });

  it('not before Retry-After, and a little after it', async () => {
    thenAllow(busy(503, '1'));
    const start = performance.now();
    await decide(4_000);
    expect(performance.now() - start).toBeGreaterThanOrEqual(1_000);
    expect(performance.now() - start).toBeLessThan(2_500);
  });

  it('never when Retry-After is past the timeout: the error says when instead, at once', async () => {
    thenAllow(busy(429, '60'));
    const start = performance.now();
    const error = await failure(decide());
    expect(performance.now() - start).toBeLessThan(1_500);
    expect(error).toMatchObject({ code: 'server.busy' });
    expect(Date.parse((error as { retryAt: string }).retryAt) - Date.now()).toBeGreaterThan(58_000);
  });

  it('reads Retry-After as a date too', async () => {
    thenAllow(busy(503, new Date(Date.now() + 60_000).toUTCString()));
    expect(Date.parse(((await failure(decide())) as { retryAt: string }).retryAt) - Date.now()).toBeGreaterThan(50_000);
  });

  it('takes a Retry-After that is past for now, never for a time before', async () => {
    const past = { 'retry-after': new Date(Date.now() - 60_000).toUTCString() };
    thenAllow({ ...(problem(400, 'action.invalid') as object), headers: past });
    const start = Date.now();
    expect(Date.parse(((await failure(decide())) as { retryAt: string }).retryAt)).toBeGreaterThanOrEqual(start);
  });

  it('never when one item of a batch is refused without a status', async () => {
    thenAllow({ body: { decisions: [{ ok: false, problem: { code: 'action.invalid' } }] } });
    expect(await failure(decide())).toMatchObject({ code: 'action.invalid', problem: { status: 500 } });
    expect(api.received).toHaveLength(1);
  });

  it('spread over the callers, who were turned away at the same moment', () => {
    for (const [retryAfterMs, least, most] of [
      [null, 50, 100],
      [1_000, 1_000, 1_250],
    ] as const) {
      const pauses = Array.from({ length: 100 }, () => pauseMs({ ...refused(503, {}, retryAfterMs) }, 1));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(most);
      expect(new Set(pauses.map((pause) => Math.round(pause))).size).toBeGreaterThan(20);
    }
  });

  it.each([400, 401, 403, 404, 409, 413, 422, 500])('never after a %i', async (status) => {
    thenAllow(problem(status, 'action.invalid'));
    expect(await failure(decide())).toMatchObject({ code: 'action.invalid', problem: { status } });
    expect(api.received).toHaveLength(1);
  });

  it('never after an answer that is no JSON', async () => {
    thenAllow({ body: 'welcome to the hotel wifi' });
    expect(await failure(decide())).toMatchObject({ code: 'client.unreadable' });
    expect(api.received).toHaveLength(1);
  });
});

describe('a timeout is kept', () => {
  it('by a server that stays silent', async () => {
    api.on(() => 'silence');
    const start = performance.now();
    expect(await failure(decide(200))).toMatchObject({ code: 'client.timeout' });
    expect(performance.now() - start).toBeLessThan(600);
  });

  it('by a fetch that ignores its signal', async () => {
    const client = countersign({ url: api.url, key: 'csk_ada', timeoutMs: 100, fetch: () => new Promise(() => {}) });
    expect(await failure(client.decide({ intent: 'crm.read' }))).toMatchObject({ code: 'client.timeout' });
  });

  it('and requests that never end do not use up the ways to the server', async () => {
    api.on(decisions(() => allowed()));
    let hanging = 4;
    const fetch: typeof globalThis.fetch = (...call) =>
      (hanging -= 1) >= 0 ? new Promise(() => {}) : globalThis.fetch(...call);
    const client = countersign({ url: api.url, key: 'csk_ada', timeoutMs: 400, fetch });
    const args = { text: 'x'.repeat(1_100_000) };
    const stuck = Array.from({ length: 4 }, () => failure(client.decide({ intent: 'crm.read', args })));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await client.decide({ intent: 'crm.read' })).toMatchObject({ verdict: 'allow' });
    await Promise.all(stuck);
  });

  it('by a server that is busy for ever', async () => {
    api.on(() => busy(503));
    const start = performance.now();
    expect(await failure(decide(600))).toMatchObject({ code: expect.stringMatching(/^server.busy|client.timeout$/) });
    expect(performance.now() - start).toBeLessThan(900);
  });

  it('and a call whose time is up before it was sent is never sent', async () => {
    let sent = 0;
    const fetch = () => new Promise<Response>(() => (sent += 1));
    const client = countersign({ url: api.url, key: 'csk_ada', timeoutMs: 200, fetch });
    // Each fills a request, four are in flight at once, and each attempt takes half of the 200 ms.
    const args = { text: 'x'.repeat(1_100_000) };
    await Promise.all(Array.from({ length: 16 }, () => failure(client.decide({ intent: 'crm.read', args }))));
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(sent).toBeLessThanOrEqual(8);
  });

  it('by aborting what did not answer in time, and nothing that did', async () => {
    api.on((received, count) => (count === 1 ? 'silence' : decisions(() => allowed())(received, count)));
    const aborted: boolean[] = [];
    const fetch: typeof globalThis.fetch = (address, init) => {
      const at = aborted.push(false) - 1;
      init?.signal?.addEventListener('abort', () => (aborted[at] = true));
      return globalThis.fetch(address, init);
    };
    const client = countersign({ url: api.url, key: 'csk_ada', timeoutMs: 400, fetch });
    expect(await client.decide({ intent: 'crm.read' })).toMatchObject({ verdict: 'allow' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(aborted).toEqual([true, false]);
  });

  it('by timers that are let go of once they are answered, so that no program waits for one', async () => {
    api.on(decisions(() => allowed()));
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    for (let count = 0; count < 20; count += 1) await decide(60_000);
    expect(timers() - before).toBeLessThan(20);
  });
});
