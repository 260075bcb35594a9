import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { countersign } from './countersign.ts';
import { ActionAwaitsApproval, ActionBlocked, ActionCancelled, ActionDenied, DecisionUnavailable } from './errors.ts';
import { allowed, asked, blocked, decisions, problem, startFakeApi, taken } from './fake-api.mother.ts';

const api = await startFakeApi();
afterAll(api.close);
beforeEach(api.reset);

const clientOf = (options = {}) => countersign({ url: api.url, key: 'csk_ada', timeoutMs: 5_000, ...options });
const refund = { intent: 'refund.issue', target: 'order-1009', args: { amount: 20 }, cost: { usd: '0.42' } };
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it passed'),
    (error: unknown) => error as DecisionUnavailable,
  );
const outcomes = () => api.received.flatMap(({ body }) => body.outcomes ?? []);

describe('an allowed action', () => {
  it('runs once, gets what was decided, reports its cost and gives its result', async () => {
    api.on(decisions(() => allowed()));
    const args = { amount: 20 };
    const running = clientOf().guard({ ...refund, args, run: 'run-42', user: 'customer-123' }, async (permission) => {
      expect(permission.args).toEqual({ amount: 20 });
      expect(permission.decision).toMatchObject({ verdict: 'allow', position: 7 });
      return { result: `refund-1 of ${permission.args.amount}`, cost: { usd: '0.40' } };
    });
    // What was asked is what runs, whatever becomes of the object.
    args.amount = 20_000;
    expect(await running).toBe('refund-1 of 20');

    const [decided, reported] = api.received;
    expect(decided).toMatchObject({ path: '/v1/decisions/batch', authorization: 'Bearer csk_ada' });
    expect(decided?.body.actions).toEqual([
      {
        ...refund,
        args: { amount: 20 },
        run: 'run-42',
        user: 'customer-123',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        dryRun: false,
      },
    ]);
    expect(reported?.body.outcomes).toEqual([
      {
        decisionId: expect.stringMatching(/^dec_/),
        status: 'success',
        cost: { usd: '0.40' },
        durationMs: expect.any(Number),
        result: 'refund-1 of 20',
      },
    ]);
  });

  it('is reported as an error, with the cost it carries, when the function throws', async () => {
    api.on(decisions(() => allowed()));
    const broken = Object.assign(new Error('card network down'), { cost: { usd: '0.1' } });
    expect(await failureOf(clientOf().guard(refund, () => Promise.reject(broken)))).toBe(broken);
    expect(outcomes()).toMatchObject([{ status: 'error', cost: { usd: '0.1' } }]);
  });

  it('is reported as cancelled when the function finds that it need not act, but only to the innermost guard', async () => {
    api.on(decisions(() => allowed()));
    const client = clientOf();
    const nothingToDo = () => Promise.reject(new ActionCancelled('already refunded'));
    const outer = client.guard({ intent: 'agent.step' }, async () => ({
      result: await client.guard(refund, nothingToDo),
    }));
    expect(await failureOf(outer)).toBeInstanceOf(ActionCancelled);
    expect(outcomes().map(({ status }) => status)).toEqual(['cancelled', 'error']);
  });

  it('keeps a result to itself on request, and one that is long or no JSON', async () => {
    api.on(decisions(() => allowed()));
    const client = clientOf();
    await client.guard({ ...refund, recordResult: false }, async () => ({ result: 'secret' }));
    await client.guard(refund, async () => ({ result: 'x'.repeat(40_000) }));
    await client.guard(refund, async () => ({ result: 12n }));
    expect(outcomes().map((outcome) => 'result' in outcome)).toEqual([false, false, false]);
  });
});

describe('I10: asking twice is asking once', () => {
  it('runs a request id once across concurrent and later calls while its report is pending', async () => {
    api.on((received) =>
      received.path.includes('outcomes') ? problem(503, 'busy') : decisions(() => allowed())(received, 0),
    );
    const client = clientOf({ onReportFailed: () => {} });
    const act = vi.fn(async () => ({ result: 'refund-1' }));
    const once = { ...refund, requestId: 'refund-order-1009' };
    expect(await Promise.all([client.guard(once, act), client.guard(once, act)])).toEqual(['refund-1', 'refund-1']);
    expect(await client.guard(once, act)).toBe('refund-1');
    expect(act).toHaveBeenCalledTimes(1);
    expect(await failureOf(client.guard({ ...once, target: 'order-1010' }, act))).toMatchObject({
      code: 'request.reused',
    });

    api.on(decisions(() => allowed()));
    await client.close();
  });

  it('does not act on a permission that someone else was given, unless it is told to resume', async () => {
    api.on(decisions(() => allowed({ repeat: true })));
    const act = vi.fn(async () => ({ result: 'refund-1' }));
    const again = { ...refund, requestId: 'refund-order-1009' };
    expect(await failureOf(clientOf().guard(again, act))).toMatchObject({
      name: 'DecisionUnavailable',
      code: 'client.repeated',
    });
    expect(act).not.toHaveBeenCalled();
    expect(await clientOf().guard({ ...again, resume: true }, act)).toBe('refund-1');
  });

  it('acts on a repeat that answers its own first attempt', async () => {
    api.on((received, count) =>
      count === 1 ? 'hang up' : decisions(() => allowed({ repeat: count === 2 }))(received, count),
    );
    expect(await clientOf().guard(refund, async () => ({ result: 'refund-1' }))).toBe('refund-1');
    const [first, second] = api.received;
    expect(second?.text).toBe(first?.text);
  });
});

describe('I3: what is not an allow never runs', () => {
  const act = vi.fn(async () => ({ result: 'done' }));
  const guarded = (decision: unknown) => {
    act.mockClear();
    api.on(decisions(() => decision));
    return failureOf(clientOf().guard({ ...refund, wait: false }, act));
  };

  it('a block throws ActionBlocked with its first reason and when to come back', async () => {
    const retryAt = '2026-11-21T00:00:00.000Z';
    const error = await guarded(
      blocked({ retryAt, reasons: [{ code: 'budget.exceeded', message: 'the day is used up' }] }),
    );
    expect(error).toBeInstanceOf(ActionBlocked);
    expect(error).toMatchObject({ code: 'budget.exceeded', retryAt, decision: { verdict: 'block' } });
    expect(error.message).toBe('`refund.issue:order-1009` is blocked: the day is used up');
    expect(act).not.toHaveBeenCalled();
  });

  it.each([
    ['pending', 'wait', ActionAwaitsApproval, 'policy.rule'],
    ['denied', 'stop', ActionDenied, 'approval.denied'],
    ['expired', 'stop', ActionDenied, 'approval.expired'],
    ['cancelled', 'stop', ActionDenied, 'approval.cancelled'],
    ['taken', 'act', DecisionUnavailable, 'request.closed'],
    ['reported', 'stop', DecisionUnavailable, 'request.closed'],
  ])('an ask that is %s', async (state, next, Kind, code) => {
    const error = await guarded(asked(state, next));
    expect(error).toBeInstanceOf(Kind);
    expect(error).toMatchObject({ code, decision: { state } });
    expect(act).not.toHaveBeenCalled();

    api.on(() => problem(409, 'request.closed', { decision: asked(state, next) }));
    expect(await failureOf(clientOf().guard(refund, act))).toBeInstanceOf(Kind);
    expect(act).not.toHaveBeenCalled();
  });

  it.each([
    ['an unknown verdict', { verdict: 'modify' }],
    ['an unknown step', { next: 'sleep' }],
    ['an unknown state', { state: 'deferred' }],
    ['a step that contradicts the verdict', { verdict: 'block', next: 'act' }],
    ['an allow that is over', { state: 'reported', next: 'act' }],
    ['an allow that says stop', { next: 'stop' }],
    ['an allow that says wait', { next: 'wait' }],
    ['a dry run', { position: null }],
    ['a position that is text', { position: '7' }],
    ['an id that is no decision', { id: '../../admin' }],
    ['the answer to another request', { requestId: 'refund-order-1010' }],
    ['no verdict', { verdict: undefined }],
    ['a list for a verdict', { verdict: ['allow'] }],
    ['no time', { decidedAt: 'soon' }],
  ])('%s', async (_, changes) => {
    expect(await guarded(allowed(changes))).toBeInstanceOf(DecisionUnavailable);
    expect(act).not.toHaveBeenCalled();
  });

  it.each([null, 'allow', true, [], {}, { decision: allowed() }])('%j instead of a decision', async (answer) => {
    expect(await guarded(answer)).toMatchObject({ name: 'DecisionUnavailable', code: 'client.unreadable' });
    expect(act).not.toHaveBeenCalled();
  });

  it('an allow that ran out on its way, and gives its money back', async () => {
    api.on(async (received) => {
      if (received.body.actions) await new Promise((resolve) => setTimeout(resolve, 60));
      return decisions(() => allowed({ validUntil: '2026-11-20T09:00:00.050Z' }))(received, 0);
    });
    expect(await failureOf(clientOf().guard(refund, act))).toMatchObject({ code: 'client.late' });
    expect(act).not.toHaveBeenCalled();
    expect(outcomes()).toMatchObject([{ status: 'cancelled' }]);
  });

  it.each([NaN, 12n])('an action whose args JSON would change or cannot say: %s', async (amount) => {
    const error = await failureOf(clientOf().guard({ ...refund, args: { amount } }, act));
    expect(error).toMatchObject({ name: 'DecisionUnavailable', code: 'client.unserializable' });
    expect(api.received).toHaveLength(0);
  });

  it('nothing after close', async () => {
    const client = clientOf();
    await client.close();
    expect(await failureOf(client.guard(refund, act))).toMatchObject({ code: 'client.closed' });
    expect(act).not.toHaveBeenCalled();
  });
});

describe('decide, outcome and extend', () => {
  it('decide gives no decision in words that this client does not know, even when nothing would run', async () => {
    api.on(decisions(() => asked('pending', 'wait')));
    expect(await clientOf().decide(refund)).toMatchObject({ next: 'wait' });
    for (const unknown of [{ verdict: 'modify' }, { state: 'deferred' }, { next: 'sleep' }]) {
      api.on(decisions(() => ({ ...asked('pending', 'wait'), ...unknown })));
      expect(await failureOf(clientOf().decide(refund))).toMatchObject({ code: 'client.unreadable' });
    }
  });

  it('decide gives every verdict, and a closed request as an error with its decision', async () => {
    api.on(decisions(({ intent }) => (intent === 'fs.delete' ? blocked() : asked())));
    expect(await clientOf().decide({ intent: 'fs.delete', dryRun: true })).toMatchObject({
      verdict: 'block',
      next: 'stop',
    });
    expect(await clientOf().decide({ intent: 'slack.post' })).toMatchObject({ verdict: 'ask', next: 'wait' });
    api.on(() => problem(409, 'request.closed', { decision: allowed({ state: 'reported', next: 'stop' }) }));
    expect(await failureOf(clientOf().decide(refund))).toMatchObject({
      code: 'request.closed',
      decision: { state: 'reported' },
    });
  });

  it('outcome gives the receipt, and throws ReportFailed when it is refused or answers another decision', async () => {
    const { id } = allowed();
    api.on(decisions(() => allowed()));
    expect(await clientOf().outcome(id, { status: 'success' })).toMatchObject({
      decisionId: id,
      settled: { usd: '0.4' },
    });
    api.on(({ body }) => taken(body.outcomes.map((outcome) => ({ ...outcome, decisionId: allowed().id }))));
    expect(await failureOf(clientOf().outcome(id, { status: 'success' }))).toMatchObject({
      name: 'ReportFailed',
      code: 'client.unreadable',
    });
    api.on(() => problem(409, 'outcome.closed'));
    expect(await failureOf(clientOf().outcome(id, { status: 'success' }))).toMatchObject({
      name: 'ReportFailed',
      code: 'outcome.closed',
    });
  });

  it('a slash at the end of the url changes nothing', async () => {
    api.on(decisions(() => blocked()));
    await clientOf({ url: `${api.url}//` }).decide(refund);
    expect(api.received.map(({ path }) => path)).toEqual(['/v1/decisions/batch']);
  });

  it('extend gives the verdict on the extension', async () => {
    const { id } = allowed();
    api.on(() => ({ body: { decisionId: id, verdict: 'allow', reasons: [], expiresAt: '2026-11-20T10:00:00.000Z' } }));
    expect(await clientOf().extend(id, { cost: { usd: '1' }, holdFor: '1h' })).toMatchObject({
      verdict: 'allow',
      retryAt: null,
    });
    expect(api.received[0]).toMatchObject({
      path: `/v1/decisions/${id}/extend`,
      body: { cost: { usd: '1' }, holdFor: '1h' },
    });
    api.on(() => ({ body: { decisionId: id, verdict: 'perhaps', reasons: [] } }));
    expect(await failureOf(clientOf().extend(id, {}))).toBeInstanceOf(DecisionUnavailable);
    await expect(clientOf().extend('dec_/../admin', {})).rejects.toThrow(TypeError);
  });
});

describe('I13: the key is in no error', () => {
  it.each(['csk_ada\nx-evil: 1', '', 'csk_adä'])('a malformed key %j', (key) => {
    expect(() => clientOf({ key })).toThrow('`key` must be an agent key, such as csk_…');
  });

  it('nor in one about the network', async () => {
    const error = await failureOf(
      countersign({ url: 'http://127.0.0.1:1', key: 'csk_ada', timeoutMs: 50 }).decide(refund),
    );
    expect(error).toMatchObject({ code: 'client.unreachable', retryAt: null });
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('csk_ada');
  });

  it('nor sent after a redirect', async () => {
    api.on((_, count) => ({ status: 307, headers: { location: `${api.url}/elsewhere` }, body: String(count) }));
    expect(await failureOf(clientOf({ timeoutMs: 300 }).decide(refund))).toBeInstanceOf(DecisionUnavailable);
    expect(api.received.every(({ path }) => path === '/v1/decisions/batch')).toBe(true);
  });
});
