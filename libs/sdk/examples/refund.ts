import { ActionAwaitsApproval, ActionBlocked, countersign } from '@countersign/sdk';

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
    if (error instanceof ActionAwaitsApproval) return `waiting for ${error.decision?.approval?.team ?? 'people'}`;
    throw error;
  } finally {
    await client.close();
  }
}
