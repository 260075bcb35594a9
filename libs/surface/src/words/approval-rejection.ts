import { approvalRejectionCodes, type ApprovalRejection } from '@countersign/approvals';
import type { Problem } from '@countersign/http';
import type { ForbiddenRejection } from '@countersign/identity';
import { toIso } from '@countersign/kernel';

export type OwnApprovalRejection = Exclude<ApprovalRejection, ForbiddenRejection>;

const titles = { 403: 'Forbidden', 404: 'Not found', 409: 'Conflict', 422: 'Refused' } as const;

/** What each refusal is over HTTP; its words are those of the domain. */
const statuses: Readonly<Record<OwnApprovalRejection['code'], keyof typeof titles>> = {
  'approvals.not_found': 404,
  'approvals.people_only': 403,
  'approvals.agent_only': 403,
  'approvals.not_a_decider': 403,
  'approvals.involved': 403,
  'approvals.changed': 409,
  'approvals.reason_required': 422,
  'approvals.already_settled': 409,
  'approvals.expired': 409,
  'approvals.claimed': 409,
  'approvals.question_not_found': 404,
  'approvals.already_answered': 409,
  'approvals.too_many_questions': 422,
  'approvals.edit_blocked': 422,
  'approvals.not_approved': 409,
  'approvals.not_alike': 422,
  'grants.not_found': 404,
  'grants.people_every_time': 422,
  'grants.malformed': 422,
  'grants.not_covering': 422,
  'grants.not_a_decider': 403,
};

export const isOfApprovals = (rejection: { readonly code: string }): rejection is OwnApprovalRejection =>
  rejection.code in statuses;

/** The one place where a refused answer to an ask becomes words a person reads. */
export function problemOfApprovalRejection(rejection: OwnApprovalRejection): Problem {
  const { code } = rejection;
  const status = statuses[code];
  return { status, code, title: titles[status], detail: wordsOf(rejection) };
}

/** Where the refusal knows more than its code says. */
function wordsOf(rejection: OwnApprovalRejection): string {
  switch (rejection.code) {
    case 'approvals.changed':
      return `The action was edited since you saw it; its digest is \`${rejection.digest}\` now.`;
    case 'approvals.already_settled':
      return `It was settled before: ${rejection.as}${rejection.by === null ? '' : ` by \`${rejection.by}\``}.`;
    case 'approvals.expired':
      return `Nobody decided in time: it expired at ${toIso(rejection.expiredAt)}, and undecided is denied.`;
    case 'approvals.claimed':
      return `\`${rejection.by}\` has claimed it.`;
    case 'approvals.not_approved':
      return `There is nothing to withdraw: it is ${rejection.as}.`;
    case 'approvals.edit_blocked':
      return `With these arguments it would be blocked: ${rejection.reasons.map(({ message }) => message).join(' ')}`;
    case 'grants.malformed':
      return `The grant cannot be read: ${rejection.problems.map(({ field, message }) => `\`${field}\` ${message}`).join('; ')}`;
    default:
      return approvalRejectionCodes[rejection.code];
  }
}
