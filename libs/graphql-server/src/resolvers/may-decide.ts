import { barOf, type Deciding } from '@countersign/approvals';
import type { ApprovalType } from './approval.types.ts';

/** Why the caller may not decide it now: the code that they would be refused with. Null when they may. */
export function mayDecideNow({ view: { standing }, seen }: ApprovalType, deciding: Deciding): string | null {
  if (standing.kind !== 'member') return 'approvals.people_only';
  const { memberId, tokenRights } = standing;
  if (tokenRights !== null && !tokenRights.includes('approvals:decide')) return 'identity.forbidden';
  return barOf(memberId, seen.approval, deciding);
}
