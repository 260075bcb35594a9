import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActionBlocked, countersign, type Countersign } from '@countersign/sdk';
import { openOperator, type Operated } from './operator.fixture.ts';

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
