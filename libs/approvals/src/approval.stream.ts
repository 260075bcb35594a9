import type { ApprovalId, GrantId } from '@countersign/kernel';
import type { ApprovalEvent } from './approval.events.ts';

/** The stream that holds what became of one approval. Its ask is in the stream of the decision. */
export const approvalStream = (approvalId: ApprovalId) => `approval-${approvalId.slice('apr_'.length)}`;

/** The stream that holds one grant, from when it was given. */
export const grantStream = (grantId: GrantId) => `grant-${grantId.slice('grt_'.length)}`;

/** Where an event of this library belongs. */
export const streamOfApprovalEvent = ({ data }: ApprovalEvent): string =>
  'grantId' in data ? grantStream(data.grantId) : approvalStream(data.approvalId);
