import { instant, type GrantId, type Instant } from '@countersign/kernel';
import { compileActionClass } from '@countersign/policy';
import type { ApprovalEvent } from './approval.events.ts';
import type { ApprovalRejection } from './approval.rejections.ts';
import type { Approval } from './approval.state.ts';
import type { ApprovalFacts, Grantable } from './facts.ts';
import { areSameTerms, type GrantTerms } from './grant.terms.ts';
import { countedFor, type Deciding } from './settlement.ts';

/** Why no grant of these terms may be given beside this approval, or null. */
export function offerRefusal(
  approval: Approval,
  terms: GrantTerms,
  { grantable }: Pick<ApprovalFacts, 'grantable'>,
): ApprovalRejection | null {
  const rules = grantable?.rules ?? null;
  if (!grantable || rules === null || wantsPeopleEveryTime(approval)) return { code: 'grants.people_every_time' };

  const { actionClass, problems } = compileActionClass(terms);
  if (actionClass === null) return { code: 'grants.malformed', problems };
  return actionClass.covers(grantable.input) ? null : { code: 'grants.not_covering' };
}

/** What a policy wants people for every time, and what a budget asked, no grant covers. */
export const wantsPeopleEveryTime = ({
  requirements,
  budgets,
}: {
  readonly requirements: readonly { readonly neverAutoApprove: boolean }[];
  readonly budgets: readonly unknown[];
}): boolean => budgets.length > 0 || requirements.some(({ neverAutoApprove }) => neverAutoApprove);

interface Giving {
  readonly grantId: GrantId;
  readonly terms: GrantTerms;
  readonly grantable: Grantable;
}

/**
 * Gives the grant if those who voted for these very terms would complete the approval by themselves: it needs the same
 * teams and quorum as the ask. Others may have approved the one action without it.
 */
export function grantIfSupported(
  approval: Approval,
  { grantId, terms, grantable: { rules } }: Giving,
  deciding: Deciding,
  at: Instant,
): readonly ApprovalEvent[] {
  const supporters = approval.votes.filter(({ grant }) => areSameTerms(grant, terms)).map((vote) => vote.by);
  const counted = countedFor(supporters, approval, deciding);
  if (!counted || rules === null) return [];

  const { approvalId, agentId, onBehalfOf } = approval;
  const { forMs, ...stated } = terms;
  const data = {
    ...{ grantId, approvalId, agentId, onBehalfOf },
    counted: counted.map(({ teams, members }) => ({ teams: [...teams], members: [...members] })),
    rules: [...rules],
    ...stated,
    expiresAt: instant(at + forMs),
  };
  return [{ type: 'GrantGiven', data }];
}
