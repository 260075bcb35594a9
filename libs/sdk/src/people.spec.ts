import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { countersign } from './countersign.ts';
import { ActionAwaitsApproval, ActionBlocked, ActionDenied, DecisionUnavailable } from './errors.ts';
import { problem, startFakeApi } from './fake-api.mother.ts';
import { approved, ASK_ID, pending, people, settled, withPermit } from './fake-people.mother.ts';
import type { Approval } from './wire.ts';

const api = await startFakeApi();
afterAll(api.close);
beforeEach(api.reset);

const clientOf = (options = {}) =>
  countersign({ url: api.url, key: 'csk_ada', timeoutMs: 2_000, onReportFailed: () => {}, ...options });
const refund = { intent: 'refund.issue', target: 'order-1009', args: { amount: 120 }, requestId: 'refund-1009' };
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('it passed'),
    (error: unknown) => error as ActionDenied,
  );
const sent = (end: string) => api.received.filter(({ path }) => path.endsWith(end));
const takes = () => sent('/take').map(({ body }) => body);
const looks = () => api.received.filter(({ method }) => method === 'GET');

describe('an action that people are asked about', () => {
  it('waits for them, takes its permit, runs once and reports', async () => {
    api.on(people({ seen: [pending(), pending(), approved()] }));
    const act = vi.fn(async ({ args }: { args: { amount: number } }) => ({ result: `refunded ${args.amount}` }));
    expect(await clientOf().guard(refund, act)).toBe('refunded 120');

    expect(act).toHaveBeenCalledTimes(1);
    expect(act.mock.calls[0]?.[0]).toMatchObject({ decision: { id: ASK_ID, state: 'taken' } });
    expect(looks().map(({ path }) => path)).toEqual([
      `/v1/decisions/${ASK_ID}?wait=0`,
      `/v1/decisions/${ASK_ID}?wait=30`,
      `/v1/decisions/${ASK_ID}?wait=30`,
    ]);
    expect(looks()[0]?.authorization).toBe('Bearer csk_ada');
    // The whole action as it was asked, and nothing that a take does not have.
    expect(takes()).toEqual([{ takeId: expect.stringMatching(/^[0-9a-f-]{36}$/), action: refund }]);
    expect(sent('/outcomes/batch')[0]?.body.outcomes).toMatchObject([{ decisionId: ASK_ID, status: 'success' }]);
  });

  it('runs as an approver changed it, and with nothing else of what the record says', async () => {
    const edited = { action: { intent: 'refund.issue', target: '(hidden)', args: { amount: 40 } } };
    api.on(people({ seen: [{ ...approved({ edited: true }), ...edited }] }));
    const result = await clientOf().guard(refund, async ({ args }) => ({ result: args.amount }));
    expect(result).toBe(40);
    expect(takes()).toMatchObject([{ action: { ...refund, args: { amount: 40 } } }]);
  });

  it('runs as it was asked where the record hides parts of it', async () => {
    const hidden = { action: { intent: 'refund.issue', args: { amount: '(hidden)' } } };
    api.on(people({ seen: [{ ...approved(), ...hidden }] }));
    expect(await clientOf().guard(refund, async ({ args }) => ({ result: args.amount }))).toBe(120);
    expect(takes()).toMatchObject([{ action: refund }]);
  });

  it('tells what people do, once each, and what an approver asks is answered once', async () => {
    const question = { id: 'qst_1', text: 'Is it the first refund?', answer: null };
    const answered = { ...question, answer: 'yes' };
    const moved = { expiresAt: '2100-01-01T05:00:00.000Z' };
    const seen = [
      pending(),
      pending({ questions: [question] }),
      pending({ questions: [question] }),
      pending({ questions: [answered] }),
      pending({ questions: [answered], ...moved }),
      approved({ questions: [answered] }),
    ];
    api.on(people({ seen }));
    const told: Approval[] = [];
    const onQuestion = vi.fn(({ text }: { text: string }) => (text.startsWith('Is it') ? 'yes' : undefined));
    const wait = { onProgress: (approval: Approval) => void told.push(approval), onQuestion };
    await clientOf().guard({ ...refund, wait }, async () => ({ result: 'done' }));

    expect(told.map(({ state, questions }) => [state, questions.map(({ answer }) => answer)])).toEqual([
      ['pending', []],
      ['pending', [null]],
      ['pending', ['yes']],
      ['approved', ['yes']],
    ]);
    expect(told[0]).toMatchObject({ team: 'treasury', quorum: 2, feedback: null });
    expect(onQuestion).toHaveBeenCalledTimes(1);
    expect(sent('/answers').map(({ body }) => body)).toEqual([{ questionId: 'qst_1', text: 'yes' }]);
  });

  it('goes on when another process answered first, and throws what else is wrong about an answer', async () => {
    const question = { id: 'qst_1', text: 'Why?', answer: null };
    const seen = [pending({ questions: [question] }), approved()];
    const wait = { onQuestion: () => 'because' };
    const run = async () => ({ result: 'done' });
    api.on(people({ seen, answers: [problem(409, 'approvals.already_answered')] }));
    expect(await clientOf().guard({ ...refund, wait }, run)).toBe('done');
    api.on(people({ seen, answers: [problem(400, 'request.invalid')] }));
    expect(await failureOf(clientOf().guard({ ...refund, wait }, run))).toMatchObject({ code: 'request.invalid' });
  });

  it('waits on through a server that restarts', async () => {
    const down = [problem(503, 'queue.full'), 'hang up', 'break off'] as const;
    api.on(people({ seen: [pending(), ...down, pending(), ...down, approved()], takes: [...down, withPermit()] }));
    expect(await clientOf().guard(refund, async () => ({ result: 'done' }))).toBe('done');
    const [first, ...others] = takes();
    expect(others).toHaveLength(3);
    for (const other of others) expect(other).toEqual(first);
  }, 10_000);

  it('asks a server that does not hold its answer no more than twice a second', async () => {
    api.on(people({ seen: [pending()] }));
    await failureOf(clientOf().guard({ ...refund, wait: { forSeconds: 1.2 } }, async () => ({ result: 1 })));
    expect(looks().length).toBeLessThan(6);
  });
});

describe('I3: people who have not said yes', () => {
  const act = vi.fn(async () => ({ result: 'done' }));
  beforeEach(() => void act.mockClear());

  it.each([
    ['denied', 'use the other account'],
    ['expired', null],
    ['cancelled', null],
  ])('an ask that is %s throws ActionDenied, with what they said', async (state, feedback) => {
    api.on(people({ seen: [pending(), settled(state, { feedback })] }));
    const error = await failureOf(clientOf().guard(refund, act));
    expect(error).toBeInstanceOf(ActionDenied);
    expect(error).toMatchObject({ code: `approval.${state}`, feedback, decision: { state } });
    expect(error.message).toContain(feedback ?? 'small refund');
    expect([act.mock.calls, takes()]).toEqual([[], []]);
  });

  it('throws ActionAwaitsApproval when there is no time left, and goes on with the same request', async () => {
    api.on(people({ seen: [pending()] }));
    const client = clientOf();
    const error = await failureOf(client.guard({ ...refund, wait: { forSeconds: 0.2 } }, act));
    expect(error).toBeInstanceOf(ActionAwaitsApproval);
    expect(error.decision).toMatchObject({ id: ASK_ID, requestId: refund.requestId, approval: { quorum: 2 } });
    expect(act).not.toHaveBeenCalled();

    // Another process, later: the repeated request is no permission that anybody could have used before.
    api.on(people({ decided: [{ ...approved(), repeat: true }], seen: [approved()] }));
    expect(await clientOf().guard({ ...refund, wait: false }, act)).toBe('done');
    expect(act).toHaveBeenCalledTimes(1);
  });

  it('asks nobody to wait when waiting is off', async () => {
    api.on(people({ seen: [approved()] }));
    expect(await failureOf(clientOf().guard({ ...refund, wait: false }, act))).toBeInstanceOf(ActionAwaitsApproval);
    expect(looks()).toEqual([]);
    expect(act).not.toHaveBeenCalled();
  });

  it('a signal stops the waiting at once, also one that came before', async () => {
    api.on((received) => (received.method === 'GET' ? 'silence' : people({})(received, 0)));
    const stopper = new AbortController();
    const waiting = clientOf().guard({ ...refund, wait: { signal: stopper.signal } }, act);
    setTimeout(() => stopper.abort(new Error('the user left')), 50);
    const error = await failureOf(waiting);
    expect(error).toBeInstanceOf(ActionAwaitsApproval);
    expect(error).toMatchObject({ cause: { message: 'the user left' }, decision: { id: ASK_ID, next: 'wait' } });

    // Neither does what was approved meanwhile run: whoever stopped waiting does not expect it.
    api.on(people({ seen: [approved()] }));
    const early = clientOf().guard({ ...refund, wait: { signal: stopper.signal } }, act);
    expect(await failureOf(early)).toBeInstanceOf(ActionAwaitsApproval);
    expect([act.mock.calls, takes()]).toEqual([[], []]);
  });

  it('closing the client stops it, too', async () => {
    api.on((received) => (received.method === 'GET' ? 'silence' : people({})(received, 0)));
    const client = clientOf();
    const waiting = failureOf(client.guard(refund, act));
    await vi.waitFor(() => expect(looks()).toHaveLength(1));
    await client.close();
    expect(await waiting).toMatchObject({ name: 'ActionAwaitsApproval', cause: { code: 'client.closed' } });
    expect(await failureOf(client.wait(ASK_ID))).toMatchObject({ code: 'client.closed' });
  });

  it('an error of a callback ends the waiting and is thrown on', async () => {
    api.on(people({ seen: [approved()] }));
    const broken = new Error('the log is full');
    const onProgress = () => {
      throw broken;
    };
    expect(await failureOf(clientOf().guard({ ...refund, wait: { onProgress } }, act))).toBe(broken);
    expect([act.mock.calls, takes()]).toEqual([[], []]);
  });

  it.each([
    ['an unknown state', { state: 'deferred' }],
    ['an unknown step', { next: 'sleep' }],
    ['a step without its state', { next: 'take' }],
    ['a permission that nobody took', { verdict: 'allow', state: 'decided', next: 'act' }],
    ['a taken permit of somebody else', withPermit()],
    ['another decision', { id: `dec_${'b'.repeat(32)}` }],
    ['another request', { requestId: 'refund-1010' }],
    ['an approval that is none', { approval: { ...approved().approval, questions: 'none' } }],
    ['no approval', { ...approved(), approval: null }],
    ['no action', { ...approved(), action: undefined }],
    ['edited arguments that are none', { ...approved({ edited: true }), action: { intent: 'x', args: [1] } }],
    ['a refusal', problem(404, 'decision.not_found')],
    ['a key that was revoked', problem(401, 'key.revoked')],
    ['no JSON', { body: 'approved' }],
  ])('%s runs nothing', async (_, answer) => {
    api.on(people({ seen: [answer] }));
    expect(await failureOf(clientOf().guard(refund, act))).toBeInstanceOf(DecisionUnavailable);
    expect([act.mock.calls, takes()]).toEqual([[], []]);
  });

  it('a server that stays silent past the deadline is no answer', async () => {
    api.on(people({ seen: [pending({ expiresAt: '2020-01-01T00:00:00.000Z' }), problem(503, 'queue.full')] }));
    const error = await failureOf(clientOf({ timeoutMs: 300 }).guard(refund, act));
    expect(error).toMatchObject({ name: 'DecisionUnavailable', code: 'queue.full', decision: { id: ASK_ID } });
  });

  it.each([-1, Number.NaN])('a time to wait of %s is refused before anybody is asked', async (forSeconds) => {
    await expect(clientOf().guard({ ...refund, wait: { forSeconds } }, act)).rejects.toThrow('`forSeconds` must be');
    expect(api.received).toEqual([]);
  });
});

describe('I5: the permit', () => {
  const act = vi.fn(async () => ({ result: 'done' }));
  beforeEach(() => void act.mockClear());
  const guarded = (take: object | string) => {
    api.on(people({ seen: [approved()], takes: [take as object] }));
    return failureOf(clientOf({ timeoutMs: 400 }).guard(refund, act));
  };

  it('that is refused at the take throws ActionBlocked, and is tried anew with another take', async () => {
    const stopped = {
      verdict: 'block',
      state: 'approved',
      next: 'stop',
      reasons: [{ code: 'stop.active', message: 'incident' }],
    };
    api.on(people({ seen: [approved()], takes: [stopped, withPermit()] }));
    const client = clientOf();
    const error = await failureOf(client.guard(refund, act));
    expect(error).toBeInstanceOf(ActionBlocked);
    expect(error).toMatchObject({ code: 'stop.active', message: expect.stringContaining('though it was approved') });
    expect(act).not.toHaveBeenCalled();
    expect(await client.guard(refund, act)).toBe('done');
    expect(new Set(takes().map(({ takeId }) => takeId)).size).toBe(2);
  });

  it.each([
    ['permit.withdrawn', ActionDenied],
    ['permit.lapsed', ActionDenied],
    ['permit.taken', DecisionUnavailable],
    ['permit.none', DecisionUnavailable],
    ['take.reused', DecisionUnavailable],
  ])('that is gone: %s', async (code, Kind) => {
    const error = await guarded(problem(409, code) as object);
    expect(error).toBeInstanceOf(Kind);
    expect(error).toMatchObject({ code });
    expect(act).not.toHaveBeenCalled();
  });

  it.each([
    ['an allow', { ...withPermit(), verdict: 'allow' }],
    ['a step that is over', withPermit({ next: 'stop' })],
    ['a permit that was not taken', approved()],
    ['no time of the take', withPermit({ takenAt: undefined })],
    ['a position that is none', withPermit({ position: null })],
    ['another decision', withPermit({ id: `dec_${'b'.repeat(32)}` })],
    ['nothing', 'silence'],
  ])('that is answered with %s runs nothing', async (_, take) => {
    expect(await guarded(take)).toBeInstanceOf(DecisionUnavailable);
    expect(act).not.toHaveBeenCalled();
  });

  it('whose answer was lost is asked for again by the same take id, which nobody else has', async () => {
    api.on(people({ seen: [approved()], takes: ['hang up'] }));
    const client = clientOf({ timeoutMs: 200 });
    expect(await failureOf(client.guard(refund, act))).toMatchObject({ code: 'client.unreachable' });
    const [lost] = takes();

    // The request is closed by our own take; a second question would only be told so.
    api.reset();
    api.on(people({ decided: [problem(409, 'request.closed') as object], takes: [withPermit()] }));
    expect(await failureOf(client.guard({ ...refund, target: 'order-1010' }, act))).toMatchObject({
      code: 'request.reused',
    });
    expect(await client.guard(refund, act)).toBe('done');
    expect(takes()).toEqual([lost]);
    expect(act).toHaveBeenCalledTimes(1);
  });

  it('that ran out on its way gives its money back', async () => {
    const late = withPermit({ validUntil: '2026-11-20T09:10:00.000Z' });
    expect(await guarded(late)).toMatchObject({ code: 'client.late' });
    expect(act).not.toHaveBeenCalled();
    expect(sent('/outcomes/batch')[0]?.body.outcomes).toMatchObject([{ decisionId: ASK_ID, status: 'cancelled' }]);
  });
});

describe('wait, take, answer and cancel', () => {
  it('wait gives the decision with its action once it does not wait, or when there is no time left', async () => {
    api.on(people({ seen: [pending(), approved()] }));
    expect(await clientOf().wait(ASK_ID)).toMatchObject({ next: 'take', action: expect.anything() });
    api.on(people({ seen: [pending()] }));
    expect(await clientOf().wait(ASK_ID, { forSeconds: 0 })).toMatchObject({ next: 'wait' });
    expect(await failureOf(clientOf().wait(ASK_ID, { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'client.ended',
    });
    await expect(clientOf().wait('dec_/../admin')).rejects.toThrow(TypeError);
  });

  it('take, answer and cancel send what they are given, and take no other answer for theirs', async () => {
    api.on(people({}));
    const client = clientOf();
    expect(await client.take(ASK_ID, { takeId: 'once', action: refund })).toMatchObject({ next: 'act' });
    await client.answer(ASK_ID, { questionId: 'qst_1', text: 'yes', answerId: 'mine' });
    api.on(() => ({ body: { id: ASK_ID, state: 'cancelled' } }));
    await client.cancel(ASK_ID);
    expect(api.received.map(({ path, body }) => [path.split('/').at(-1), body])).toEqual([
      ['take', { takeId: 'once', action: refund }],
      ['answers', { questionId: 'qst_1', answerId: 'mine', text: 'yes' }],
      ['cancel', {}],
    ]);

    api.on(() => ({ body: { id: ASK_ID, state: 'pending' } }));
    for (const wrong of [client.cancel(ASK_ID), client.take(ASK_ID, { takeId: 'twice', action: refund })])
      expect(await failureOf(wrong)).toMatchObject({ code: 'client.unreadable' });
    api.on(() => problem(409, 'ask.not_pending'));
    expect(await failureOf(client.cancel(ASK_ID))).toMatchObject({ code: 'ask.not_pending' });
  });
});
