import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { countersign } from './countersign.ts';
import { allowed, decisions, problem, startFakeApi, taken, type Received, type Reply } from './fake-api.mother.ts';
import type { ReportFailure } from './reporter.ts';

const api = await startFakeApi();
afterAll(api.close);
beforeEach(api.reset);

const told: (ReportFailure & { code: string; message: string })[] = [];
beforeEach(() => void told.splice(0));
const clientOf = (options = {}) =>
  countersign({
    url: api.url,
    key: 'csk_ada',
    timeoutMs: 2_000,
    onReportFailed: ({ code, message }, failure) => told.push({ ...failure, code, message }),
    ...options,
  });

const reports = () => api.received.filter(({ path }) => path === '/v1/outcomes/batch');
const answerReports = (reply: (received: Received, count: number) => Reply, changes = {}) =>
  api.on((received, count) =>
    received.body.outcomes ? reply(received, reports().length) : decisions(() => allowed(changes))(received, count),
  );
const refund = (client = clientOf()) =>
  client.guard({ intent: 'refund.issue' }, async () => ({ result: { refund: 1 }, cost: { usd: '0.40' } }));

describe('a report that fails costs the caller nothing', () => {
  it.each<[string, Reply]>([
    ['is answered with a 503', problem(503, 'server.busy')],
    ['breaks off', 'hang up'],
  ])('one that %s is sent again in the background until it is taken', async (_, reply) => {
    answerReports(({ body }, count) => (count <= 2 ? reply : taken(body.outcomes)));
    const client = clientOf();
    expect(await refund(client)).toEqual({ refund: 1 });
    expect(reports()).toHaveLength(1);
    expect(told).toMatchObject([{ willRetry: true, outcome: { status: 'success', cost: { usd: '0.40' } } }]);

    await client.flush();
    expect(reports()).toHaveLength(3);
    expect(new Set(reports().map(({ text }) => text)).size).toBe(1);
    expect(told).toHaveLength(1);
  });

  it('one that is refused is given up and told once', async () => {
    answerReports(() => problem(409, 'outcome.closed'));
    expect(await refund()).toEqual({ refund: 1 });
    expect(told).toMatchObject([{ willRetry: false, code: 'outcome.closed' }]);
    expect(told[0]?.message).toMatch(/^the outcome of dec_[0-9a-f]{32} was not taken: told: outcome.closed; given up$/);
  });

  it('one whose result is refused goes without it: the money matters more', async () => {
    answerReports(({ text, body }) =>
      text.includes('"result"') ? problem(400, 'json.surrogate') : taken(body.outcomes),
    );
    await refund();
    expect(reports().map(({ text }) => text.includes('"result"'))).toEqual([true, false]);
    expect(told).toEqual([]);
  });

  it('one that nobody takes is given up when its hold expires', async () => {
    answerReports(() => problem(503, 'server.busy'), { hold: { expiresAt: '2026-11-20T09:00:00.400Z' } });
    const client = clientOf();
    await refund(client);
    await client.flush();
    expect(told.map(({ willRetry }) => willRetry)).toEqual([true, false]);
  });

  it('one whose cost is no JSON is told and left to the caller', async () => {
    answerReports(({ body }) => taken(body.outcomes));
    const cost = { usd: 12n as unknown as string };
    expect(await clientOf().guard({ intent: 'refund.issue' }, async () => ({ result: 1, cost }))).toBe(1);
    expect(told).toMatchObject([{ willRetry: false, code: 'client.unserializable' }]);
    expect(reports()).toHaveLength(0);
  });

  it('one that is answered with nonsense counts as not taken', async () => {
    answerReports(() => ({ body: { results: [{ ok: true, outcome: {} }] } }));
    await refund();
    expect(told).toMatchObject([{ willRetry: false, code: 'client.unreadable' }]);
  });

  it('a callback that throws changes nothing', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    answerReports(() => problem(409, 'outcome.closed'));
    const onReportFailed = () => {
      throw new Error('pager is down');
    };
    expect(await refund(clientOf({ onReportFailed }))).toEqual({ refund: 1 });
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  it('without a callback the console is told', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    answerReports(() => problem(409, 'outcome.closed'));
    await refund(countersign({ url: api.url, key: 'csk_ada' }));
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('given up'));
    warn.mockRestore();
  });
});

describe('close', () => {
  it('sends what is pending at once instead of after its pause', async () => {
    let isUp = false;
    answerReports(({ body }) =>
      isUp ? taken(body.outcomes) : { ...(problem(503, 'busy') as object), headers: { 'retry-after': '60' } },
    );
    const client = clientOf();
    await refund(client);
    isUp = true;
    const start = performance.now();
    await client.close();
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(reports()).toHaveLength(2);
  });

  it('gives up after its timeout, with one last attempt', async () => {
    answerReports(() => problem(503, 'server.busy'));
    const client = clientOf({ timeoutMs: 600 });
    await refund(client);
    const start = performance.now();
    await client.close();
    expect(performance.now() - start).toBeLessThan(1_600);
    expect(told.map(({ willRetry }) => willRetry)).toEqual([true, false]);
  });
});
