import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActionAwaitsApproval, ActionBlocked, ActionDenied, countersign, type Countersign } from '@countersign/sdk';
import { approving, denying, openAsking, type AskedDecision, type Asking } from './approvals.fixture.ts';
import { openOperator, type Operated } from './operator.fixture.ts';
import type { Joined } from './people.fixture.ts';

let api: Operated;
let client: Countersign;

beforeAll(async () => {
  api = await openOperator();
  const { key } = await api.openOrganization('hopper');
  client = countersign({ url: api.url, key });
});
afterAll(async () => {
  await client.close();
  await api.close();
});

describe('the client against the real api', () => {
  it('understands decisions, extensions and outcomes', async () => {
    const decision = await client.decide({ intent: 'llm.chat', target: 'gpt-4o', cost: { usd: '0.1' } });
    expect(decision).toMatchObject({
      verdict: 'allow',
      next: 'act',
      budgets: [{ name: 'ai_daily_usd', asked: '0.1' }],
    });
    expect(await client.extend(decision.id, { cost: { usd: '0.1' }, holdFor: '20m' })).toMatchObject({
      verdict: 'allow',
    });

    const outcome = await client.outcome(decision.id, { status: 'success', cost: { usd: '0.12' } });
    expect(outcome).toMatchObject({ settled: { usd: '0.12' }, unreported: false, repeat: false });
    expect(await client.outcome(decision.id, { status: 'success', cost: { usd: '0.12' } })).toMatchObject({
      repeat: true,
    });
  });

  it('runs what is allowed once, and not what is blocked', async () => {
    const run = async () => ({ result: 'bought', cost: { usd: '0.05' } });
    await expect(client.guard({ intent: 'shop.buy', target: 'books', cost: { usd: '0.1' } }, run)).resolves.toBe(
      'bought',
    );
    await expect(client.guard({ intent: 'fs.delete', target: '/var' }, run)).rejects.toBeInstanceOf(ActionBlocked);
  });

  it('tells a refused report by the code of the server', async () => {
    const { id } = await client.decide({ intent: 'refund.issue', target: 'order-1009' });
    await expect(client.outcome(id, { status: 'success' })).rejects.toMatchObject({ code: 'outcome.not_allowed' });
    const cancelledWithCost = client.outcome(id, { status: 'cancelled', cost: { usd: '1' } });
    await expect(cancelledWithCost).rejects.toMatchObject({
      code: 'outcome.cancelled_with_cost',
      problem: { status: 422 },
    });
  });

  it('reports the same outcome twice at once, and both are taken', async () => {
    const { id } = await client.decide({ intent: 'shop.buy', target: 'books' });
    const answers = await Promise.all([1, 2].map(() => client.outcome(id, { status: 'success' })));
    expect(answers.map(({ repeat }) => repeat).sort()).toEqual([false, true]);
  });
});

describe('the client and people, against the real api', () => {
  let acme: Asking;
  let ada: Joined;
  let clerk: Countersign;
  beforeAll(async () => {
    acme = await openAsking(api, 'acme');
    ada = await acme.person('ada', acme.of('treasury'));
    clerk = countersign({ url: api.url, key: acme.key });
  }, 60_000);
  afterAll(() => clerk.close());

  const refund = (target: string) => ({ intent: 'refund.issue', target, args: { amount: 120 }, cost: { usd: '1' } });
  const pay = async ({ args }: { args: { amount: number } }) => ({ result: args.amount, cost: { usd: '0.5' } });

  /** Begins to wait; answers what people were asked, and what becomes of it. */
  async function begin(target: string, more: object = {}) {
    let running = Promise.resolve(0);
    const asked = await new Promise<AskedDecision>((resolve) => {
      const onProgress = (
        { id: approvalId }: { id: string },
        { id, actionDigest }: { id: string; actionDigest: string | null },
      ) => resolve({ id, approvalId, digest: String(actionDigest).slice('sha256:'.length) });
      running = clerk.guard({ ...refund(target), wait: { onProgress, ...more } }, pay);
      running.catch(() => undefined);
    });
    return { asked, running };
  }

  it('answers what an approver asks, and runs what they left of it, once', async () => {
    const told: string[] = [];
    const onQuestion = ({ text }: { text: string }) => {
      told.push(text);
      return 'The mug was broken.';
    };
    const { asked, running } = await begin('order-1', { onQuestion });
    const { approvalId, digest } = asked;
    await acme.tell(ada, 'askAgent', { approvalId, text: 'Why?' });
    await expect
      .poll(async () => (await acme.view(asked))['approval'])
      .toMatchObject({
        questions: [{ text: 'Why?', answer: 'The mug was broken.' }],
      });
    const edit = { approvalId, digest, args: { amount: 40 } };
    expect(await acme.tell(ada, 'editApproval', edit)).toMatchObject({ approval: { state: 'approved' } });
    expect(await running).toBe(40);
    expect(told).toEqual(['Why?']);
    await clerk.flush();
    expect(await acme.view(asked)).toMatchObject({ state: 'reported', approval: { state: 'taken', edited: true } });
  });

  it('is told why people said no', async () => {
    const { asked, running } = await begin('order-2');
    await acme.tell(ada, 'decideApproval', denying(asked, { feedback: 'ask the supplier first' }));
    const error = await running.catch((reason: unknown) => reason as ActionDenied);
    expect(error).toBeInstanceOf(ActionDenied);
    expect(error).toMatchObject({ code: 'approval.denied', feedback: 'ask the supplier first' });
  });

  it('stops waiting, and goes on later in another process with the same request', async () => {
    const action = { ...refund('order-3'), requestId: 'refund-of-order-3' };
    const waiting = clerk.guard({ ...action, wait: { forSeconds: 0.2 } }, pay);
    const awaits = await waiting.catch((reason: unknown) => reason as ActionAwaitsApproval);
    expect(awaits).toBeInstanceOf(ActionAwaitsApproval);
    const { id = '', approval, actionDigest } = (awaits as ActionAwaitsApproval).decision ?? {};
    const asked = { id, approvalId: approval?.id ?? '', digest: String(actionDigest).slice('sha256:'.length) };
    await acme.tell(ada, 'decideApproval', approving(asked));

    const later = countersign({ url: api.url, key: acme.key });
    expect(await later.guard(action, pay)).toBe(120);
    await later.close();
    await expect(clerk.guard(action, pay)).rejects.toMatchObject({ code: 'request.closed' });
  });

  it('takes its ask back', async () => {
    const { asked, running } = await begin('order-4');
    await clerk.cancel(asked.id);
    await expect(running).rejects.toMatchObject({ name: 'ActionDenied', code: 'approval.cancelled' });
    expect(await clerk.wait(asked.id)).toMatchObject({ state: 'cancelled', action: { target: 'order-4' } });
  });
});
