import type { ForbiddenRejection } from '@countersign/identity';
import type { ActionClassProblem } from '@countersign/policy';
import type { GrantId, Instant, MemberId } from '@countersign/kernel';
import type { ApprovalStatus } from './approval.state.ts';

/** Every reason the approvals domain says no. Codes are public: never reuse one. */
export type ApprovalRejection =
  | ForbiddenRejection
  | { readonly code: 'approvals.not_found' }
  | { readonly code: 'approvals.people_only' }
  | { readonly code: 'approvals.agent_only' }
  | { readonly code: 'approvals.not_a_decider' }
  | { readonly code: 'approvals.involved' }
  | { readonly code: 'approvals.changed'; readonly digest: string }
  | { readonly code: 'approvals.reason_required' }
  | { readonly code: 'approvals.already_settled'; readonly as: ApprovalStatus; readonly by: MemberId | null }
  | { readonly code: 'approvals.expired'; readonly expiredAt: Instant }
  | { readonly code: 'approvals.claimed'; readonly by: MemberId }
  | { readonly code: 'approvals.question_not_found' }
  | { readonly code: 'approvals.already_answered' }
  | { readonly code: 'approvals.too_many_questions' }
  | { readonly code: 'approvals.edit_blocked'; readonly reasons: readonly BlockingReason[] }
  | { readonly code: 'approvals.not_approved'; readonly as: ApprovalStatus }
  | { readonly code: 'approvals.not_alike' }
  | { readonly code: 'grants.not_found'; readonly grantId: GrantId }
  | { readonly code: 'grants.people_every_time' }
  | { readonly code: 'grants.malformed'; readonly problems: readonly ActionClassProblem[] }
  | { readonly code: 'grants.not_covering' }
  | { readonly code: 'grants.not_a_decider' };

/** Why an edited action would be blocked. */
export interface BlockingReason {
  readonly code: string;
  readonly message: string;
}

/** What each says; that of a credential without the right is identity's. */
export const approvalRejectionCodes = {
  'approvals.not_found': 'There is no such approval.',
  'approvals.people_only': 'Only people can do this; an agent never can, whoever its key belongs to.',
  'approvals.agent_only': 'Only the agent that asked can answer.',
  'approvals.not_a_decider': 'The person may not decide for any of the teams that were asked.',
  'approvals.involved':
    'The person owns the agent, stands in for its owner, issued a key of it, or is whom it acts for, and so cannot wave its actions through.',
  'approvals.changed': 'The action was edited since the person saw it; `digest` is the one that stands now.',
  'approvals.reason_required': 'The policy wants whoever decides to write why.',
  'approvals.already_settled': 'It was settled before: `as` says how, `by` who did.',
  'approvals.expired': 'Nobody decided in time, and undecided is denied.',
  'approvals.claimed': 'Somebody else has claimed it.',
  'approvals.question_not_found': 'There is no such question.',
  'approvals.already_answered': 'The question was given another answer before.',
  'approvals.too_many_questions': 'The agent was asked as many questions about it as it can be.',
  'approvals.edit_blocked': 'The action with these arguments would be blocked.',
  'approvals.not_approved': 'There is nothing to withdraw: it is not approved, or not any more.',
  'approvals.not_alike': 'One answer was given to approvals that do not all ask the same, as far as the record tells.',
  'grants.not_found': 'There is no such grant.',
  'grants.people_every_time': 'No grant can cover this: a policy wants people every time, or a budget asked.',
  'grants.malformed': 'The pattern or the condition of the grant cannot be read.',
  'grants.not_covering': 'The grant would not even cover the action that it is given beside.',
  'grants.not_a_decider': 'The person decides for none of the teams that the grant rests on, and is no owner or admin.',
} as const satisfies Record<Exclude<ApprovalRejection['code'], ForbiddenRejection['code']>, string>;
