import {
  ActionAwaitsApproval,
  ActionBlocked,
  ActionDenied,
  countersign,
  type Approval,
  type OpenQuestion,
} from '@countersign/sdk';

/** What the README and the comments show, compiled. */
export async function readCustomer(key: string): Promise<void> {
  const client = countersign({ url: 'http://localhost:4000', key });
  const decision = await client.decide({ intent: 'crm.read', target: 'customer-123' });
  if (decision.next === 'act') await client.outcome(decision.id, { status: 'success' });
  await client.close();
}

export async function refundOrder(key: string, issueRefund: (amount: number) => Promise<string>): Promise<string> {
  const client = countersign({ url: 'http://localhost:4000', key });
  try {
    const refund = await client.guard(
      { intent: 'refund.issue', target: 'order-1009', args: { amount: 20 }, cost: { usd: '0.42' }, run: 'run-42' },
      async ({ args }) => ({ result: await issueRefund(args.amount), cost: { usd: '0.40' } }),
    );
    return refund;
  } catch (error) {
    if (error instanceof ActionBlocked) return `no: ${error.message}, again at ${error.retryAt ?? 'no time'}`;
    throw error;
  } finally {
    await client.close();
  }
}

/** A refund that people are asked about: it waits for them for an hour, answers what they ask, and runs as they left it. */
export async function refundWithPeople(
  key: string,
  issueRefund: (amount: number) => Promise<string>,
  answer: (question: string) => Promise<string>,
): Promise<string> {
  const client = countersign({ url: 'http://localhost:4000', key });
  const action = {
    requestId: 'refund-of-order-1009',
    intent: 'refund.issue',
    target: 'order-1009',
    args: { amount: 120 },
  };
  const wait = {
    forSeconds: 3_600,
    onProgress: ({ state, team, expiresAt }: Approval) => console.log(state, 'by', team, 'until', expiresAt),
    onQuestion: ({ text }: OpenQuestion) => answer(text),
  };
  try {
    return await client.guard({ ...action, wait }, async ({ args }) => ({ result: await issueRefund(args.amount) }));
  } catch (error) {
    if (error instanceof ActionDenied) return `no: ${error.feedback ?? 'without a word'}`;
    if (error instanceof ActionAwaitsApproval) return 'guard it again, with the same request id, to go on waiting';
    throw error;
  } finally {
    await client.close();
  }
}
