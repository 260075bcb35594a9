import type { Sql, Transaction } from './connection.ts';
import { inPipelinedTransaction, settled } from './pipeline.ts';

/**
 * Runs `work` in a READ COMMITTED transaction that sees and writes one organization's rows only.
 *
 * The organization is a transaction-local setting that the row-level policies read, so a pooled connection carries
 * nothing over to its next user. It is sent ahead of the first query of `work` without waiting for its answer:
 * a connection executes in order, and the round trip would be paid by every request.
 */
export async function inTenant<Result>(
  sql: Sql,
  organizationId: string,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return inPipelinedTransaction(sql, async ({ sql: session, send, commit }) => {
    const named = send(session`select set_config('countersign.tenant', ${organizationId}, true)`);
    const [result] = await settled([work(session as unknown as Transaction), named]);
    await commit();
    return result;
  });
}
