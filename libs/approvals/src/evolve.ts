import { formatAmount, parseAmount, unreachable, type ApprovalId, type GrantId } from '@countersign/kernel';
import { neededOf } from './asks.ts';
import type { ApprovalEvent, ApprovalEventOf } from './approval.events.ts';
import type { Approval, ApprovalsState } from './approval.state.ts';
import type { Grant } from './grant.state.ts';

type GrantEvent = Extract<ApprovalEvent, { type: `Grant${string}` }>;
type OwnEvent = Exclude<ApprovalEvent, GrantEvent>;

/** Records what happened, into the state given. Judging belongs to the deciders, so this never refuses. */
export function evolveApprovals(state: ApprovalsState, event: ApprovalEvent): void {
  if (isOfGrant(event)) return evolveGrant(state, event);
  change(state, event.data.approvalId, (approval) => afterEvent(approval, event));
}

const isOfGrant = (event: ApprovalEvent): event is GrantEvent => event.type.startsWith('Grant');

function change({ approvals }: ApprovalsState, approvalId: ApprovalId, to: (approval: Approval) => Approval): void {
  const approval = approvals.get(approvalId);
  if (!approval) return;
  const changed = to(approval);
  if (changed !== approval) approvals.set(approvalId, changed);
}

/** One approval after one of its events. The same object when nothing that later decisions need has changed. */
export function afterEvent(approval: Approval, event: OwnEvent): Approval {
  switch (event.type) {
    case 'ApprovalVoted':
      return voted(approval, event.data);
    case 'VoteRetracted':
      return { ...approval, votes: approval.votes.filter(({ by }) => by !== event.data.by) };
    case 'ApprovalApproved': {
      const { by, counted, permitExpiresAt: expiresAt } = event.data;
      return {
        ...approval,
        status: 'approved',
        settledBy: by,
        permit: { expiresAt, counted, extensions: [], takeId: null },
      };
    }
    case 'ApprovalDenied':
      return { ...approval, status: 'denied', settledBy: event.data.by };
    case 'ApprovalExpired':
      return { ...approval, status: 'expired' };
    case 'ApprovalWithdrawn':
      return { ...approval, status: 'withdrawn', settledBy: event.data.by };
    case 'PermitLapsed':
      return { ...approval, status: 'lapsed' };
    case 'BudgetExtended':
      return extended(approval, event.data);
    case 'ApprovalEdited':
      return edited(approval, event.data);
    default:
      return afterTalk(approval, event);
  }
}

type Talk = Extract<
  OwnEvent,
  {
    type: `Approval${'Claimed' | 'Unclaimed' | 'Commented' | 'Escalated' | 'Reminded'}` | `Question${string}`;
  }
>;

/** What settles nothing. */
function afterTalk(approval: Approval, event: Talk): Approval {
  switch (event.type) {
    case 'ApprovalClaimed':
      return { ...approval, claimedBy: event.data.by };
    case 'ApprovalUnclaimed':
      return { ...approval, claimedBy: null };
    case 'ApprovalCommented':
      return approval;
    case 'QuestionAsked':
      return {
        ...approval,
        questions: [...approval.questions, { questionId: event.data.questionId, answerId: null }],
      };
    case 'QuestionAnswered':
      return answered(approval, event.data);
    case 'ApprovalEscalated':
      return escalated(approval, event.data);
    case 'ApprovalReminded':
      return { ...approval, reminded: event.data.share };
    default:
      return unreachable(event);
  }
}

/** The place of a vote is that of the person's first: later ones stand in its stead. */
function voted(approval: Approval, { by, verdict, grant }: ApprovalEventOf<'ApprovalVoted'>): Approval {
  const others = approval.votes.filter((vote) => vote.by !== by);
  return { ...approval, votes: verdict === 'deny' ? others : [...others, { by, grant }] };
}

function extended(approval: Approval, { approvalId: _, ...extension }: ApprovalEventOf<'BudgetExtended'>): Approval {
  const { permit } = approval;
  if (!permit) return approval;
  return { ...approval, permit: { ...permit, extensions: [...permit.extensions, extension] } };
}

function edited(approval: Approval, edit: ApprovalEventOf<'ApprovalEdited'>): Approval {
  const { digest, requirements, budgets, expiresAt } = edit;
  return { ...approval, digest, requirements: requirements.map(neededOf), budgets, expiresAt, votes: [] };
}

function answered(approval: Approval, { questionId, answerId }: ApprovalEventOf<'QuestionAnswered'>): Approval {
  const questions = approval.questions.map((each) => (each.questionId === questionId ? { ...each, answerId } : each));
  return { ...approval, questions };
}

export function escalated(
  approval: Approval,
  { team, to }: Pick<ApprovalEventOf<'ApprovalEscalated'>, 'team' | 'to'>,
): Approval {
  const requirements = approval.requirements.map((needed) =>
    needed.team === team ? { ...needed, teams: [...new Set([...needed.teams, to])], escalate: null } : needed,
  );
  return { ...approval, requirements };
}

function evolveGrant({ grants }: ApprovalsState, event: GrantEvent): void {
  if (event.type === 'GrantGiven') {
    const { uses: usesLeft, ...grant } = event.data;
    grants.set(grant.grantId, { ...grant, usesLeft, usdLeft: grant.maxUsd, status: 'standing' });
    return;
  }
  const grant = grants.get(event.data.grantId);
  const status = event.type === 'GrantRevoked' ? 'revoked' : 'lapsed';
  if (grant) grants.set(grant.grantId, { ...grant, status });
}

/**
 * Records that a decision was allowed by a grant, for so many nano-USD: what it set aside, whatever it comes to cost.
 * `evolve` of the decisions calls it, because the use is told by the decision's own event.
 */
export function useGrant({ grants }: ApprovalsState, grantId: GrantId, nanos: bigint): void {
  const grant = grants.get(grantId);
  if (grant) grants.set(grantId, used(grant, nanos));
}

function used(grant: Grant, nanos: bigint): Grant {
  const usesLeft = Math.max(0, grant.usesLeft - 1);
  const left = parseAmount('usd', grant.usdLeft) - nanos;
  const usdLeft = formatAmount('usd', left > 0n ? left : 0n);
  return {
    ...grant,
    usesLeft,
    usdLeft,
    status: usesLeft === 0 && grant.status === 'standing' ? 'used_up' : grant.status,
  };
}
