import type { agentRejectionCodes } from '@countersign/agents';
import type { approvalRejectionCodes, permitCodes } from '@countersign/approvals';
import type { budgetCodes } from '@countersign/budgets';
import type { channelRejectionCodes } from '@countersign/channels';
import type { correctionRejectionCodes, decisionCodes } from '@countersign/decisions';
import type { memberRejectionCodes, organizationRejectionCodes } from '@countersign/identity';
import type { registrationCodes } from '@countersign/identity/people';
import type { erasureCodes } from '@countersign/ledger';
import type { policyCodes, policyRejectionCodes } from '@countersign/policy';
import type { approvalCodes, clientCodes } from '@countersign/sdk';
import type { stopRejectionCodes } from '@countersign/stops';

/** Reasons of decisions that policies give; the other codes of policies are about their text. */
export type PolicyReasonCode = Extract<
  keyof typeof policyCodes,
  `models.${string}` | `policy.${'rule' | 'default' | 'none' | 'error' | 'cost'}`
>;
type ReasonCode = PolicyReasonCode | keyof typeof budgetCodes | keyof typeof decisionCodes;

const ATTACH = 'Attach a policy that allows it, or add a rule: `countersign policy publish`.';
const ASK_A_PERSON = 'Wait until `retryAt`, ask for less, or have the cap raised.';

/** What whoever asked can do about a reason. */
export const reasonRemedies: Readonly<Record<ReasonCode, string>> = {
  'policy.rule': 'Read the rule in the policy and version that the reason names; change it there if it is wrong.',
  'policy.default': ATTACH,
  'policy.none': ATTACH,
  'policy.error': 'Send what the condition reads, or guard it in the policy with `has(…)`.',
  'policy.cost': 'Send smaller `args`, or make the conditions of the policy simpler.',
  'models.not_allowed': 'Use a model that the policy allows, or have it added there.',
  'models.missing': 'Say `provider` and `model`, in `cost` or in `context`.',
  'budget.exceeded': ASK_A_PERSON,
  'budget.cost_missing': 'Send `cost`: `usd`, or the model and its tokens.',
  'budget.user_missing': 'Send `user`.',
  'budget.run_missing': 'Send `run`.',
  'price.unknown': 'State `cost.usd`, or add the price to the policy (`prices`).',
  'approvals.untold': 'Deny it, with what to change as feedback, so that the agent asks anew.',
  'rate.exceeded': 'Wait until `retryAt`.',
  'rate.too_many_new': 'Wait until `retryAt`, or go on with runs and users that are known.',
  'stop.active': 'Ask whoever may lift the stop: `countersign stops` lists those in force.',
  'agent.retired': 'Register a new agent: a retired one stays retired.',
  'agent.not_in_service': 'Wait until `retryAt`, or change the time in service: `countersign agent`.',
};

type CommandCode =
  | keyof typeof agentRejectionCodes
  | keyof typeof organizationRejectionCodes
  | keyof typeof memberRejectionCodes
  | keyof typeof stopRejectionCodes
  | keyof typeof channelRejectionCodes
  | keyof typeof policyRejectionCodes
  | keyof typeof correctionRejectionCodes
  | keyof typeof erasureCodes;

/** What whoever commanded can do about a refusal. */
export const commandRemedies: Readonly<Record<CommandCode, string>> = {
  'agents.name_taken': 'Choose another name.',
  'agents.not_found': 'Look it up with `countersign agent list`.',
  'agents.team_not_found': 'Make it with `countersign team add`.',
  'agents.retired': 'Register a new agent.',
  'agents.stopped': 'Have the stop lifted first: `countersign stops` lists those in force.',
  'agents.key_not_found': 'Look it up with `countersign agent list`.',
  'agents.owner_not_found': 'Give the id of a member as owner, or none; whoever is no member may be named as deputy.',
  'agents.key_already_expired': 'Give a later `expiresAt`, or none.',
  'identity.organization_exists': 'Choose another name.',
  'identity.organization_not_found': 'Look it up with `countersign organization list`.',
  'identity.team_exists': 'Use the team that is there, or choose another name.',
  'identity.forbidden': 'Ask somebody who has the right, or have it given; a token must name it too.',
  'identity.members_only': 'Sign in, and do it for yourself.',
  'identity.member_not_found': 'Look the member up; who has left is no member.',
  'identity.team_not_found': 'Look it up, or make it with `countersign team add`.',
  'identity.last_owner': 'Make somebody else owner first.',
  'identity.role_not_held': 'Ask somebody who has every right of that role; a token must name them all.',
  'identity.role_never_decides': 'Change the role in the organization first, or give no role in the team.',
  'identity.already_invited': 'Wait for the answer, or revoke the invitation and send another.',
  'identity.already_member': 'Nothing: change the role or the teams of the member instead.',
  'identity.member_id_taken': 'Send the command again, with another new id.',
  'identity.invitation_not_found': 'Look at the link again, or ask for another invitation.',
  'identity.invitation_closed': 'Ask for another invitation.',
  'identity.invitation_expiry': 'Give a later `expiresAt`, within 30 days.',
  'identity.invitation_for_another': 'Sign in with the address that the invitation was sent to.',
  'identity.invitation_void': 'Ask somebody who manages the organization for another invitation.',
  'channels.members_only': 'Sign in as a member; what an operator is told is not by mail.',
  'channels.endpoint_not_found': 'Look at the endpoints again.',
  'channels.endpoint_exists': 'Change the endpoint that is there.',
  'channels.too_many_endpoints': 'Remove one that is of no use any more.',
  'stops.not_found': 'Look at the stops again.',
  'stops.team_not_found': 'Look it up, or make it with `countersign team add`.',
  'stops.agent_not_found': 'Look it up with `countersign agent list`.',
  'stops.too_many_patterns': 'Lift one, write one pattern for several, or stop the team.',
  'stops.placed_by_higher': 'Ask whoever placed it, or somebody who ranks no lower.',
  'policies.invalid':
    'Correct the lines that `errors` names; `countersign policy validate` finds the same without a server.',
  'policies.not_found': 'Look it up with `countersign policy list`.',
  'policies.version_conflict': 'Look at the difference (`countersign policy diff`), then publish on top of it.',
  'policies.point_not_found': 'Create the team, agent or user first, or correct its name.',
  'policies.only_shadow': 'Attach the template `observe` beside it first.',
  'policies.second_person_needed': 'Send it through the api, where it can wait.',
  'policies.too_many_publications': 'Confirm or reject some of what waits: `countersign policy pending`.',
  'policies.publication_not_found': 'Look at what waits again: `countersign policy pending`.',
  'policies.own_publication': 'Ask somebody else who may publish it; `countersign policy pending` names them.',
  'policies.members_confirm': 'Sign in as a member who may publish it.',
  'policies.publication_void': 'Reject it; who wants it still publishes it, for somebody else to confirm.',
  'holds.not_found': 'Look it up with `countersign decisions`.',
  'holds.nothing_held': 'Nothing: only what held money can be corrected.',
  'holds.still_open': 'Wait until the hold has ended (`countersign holds`).',
  'holds.erased': 'Nothing: correct what an action cost before any of its record is erased.',
  'ledger.erase_unknown': 'Give positions that exist.',
  'ledger.erase_own_event': 'Leave the position out.',
  'ledger.erase_configuration': 'Leave the position out; content of decisions and their outcomes can be erased.',
  'ledger.erase_open_hold': 'Wait until the hold has ended, then erase.',
  'ledger.erase_open_approval': 'Deny, cancel or withdraw it, or wait until it is settled, then erase.',
};

/** What the program around the client can do. */
export const clientRemedies: Readonly<Record<keyof typeof clientCodes | keyof typeof approvalCodes, string>> = {
  'client.unreachable':
    'Look whether the URL is right and the api runs; asking again with the same request id is safe.',
  'client.timeout': 'Ask again with the same request id, or give `timeoutMs` more.',
  'client.unreadable': 'Look what stands between client and api; bring both to the same version.',
  'client.unserializable': 'Leave out what JSON cannot say: functions, circles, values of type `bigint`.',
  'client.closed': 'Call before `close`, or make a new client.',
  'client.ended': 'Wait again, with the same decision id.',
  'client.repeated': 'Look whether it was done; then use a new request id, or `resume: true`.',
  'client.late': 'Ask again, with a new request id.',
  'client.cancelled': 'Nothing: the held money was given back.',
  'approval.denied': 'Read the feedback, change the action, and ask with a new request id.',
  'approval.expired': 'Ask again, with a new request id.',
  'approval.cancelled': 'Ask again, with a new request id.',
};

const ASK_ANEW = 'Ask again, with a new request id.';

/** What an agent can do about its permit. */
export const permitRemedies: Readonly<Record<keyof typeof permitCodes, string>> = {
  'permit.mismatch': 'Take exactly the action that the decision shows as approved, an edit included.',
  'permit.taken': 'Nothing: it was taken. Use one `takeId` for one attempt to act, and repeat that one.',
  'permit.none': 'Wait until the decision says `next: take`.',
  'permit.lapsed': ASK_ANEW,
  'permit.withdrawn': 'Do not act; ask whoever withdrew it.',
  'permit.not_met': 'Have others approve it: ask again, with a new request id.',
  'permit.used': 'Nothing: it is allowed.',
  'grant.used': 'Nothing: it is allowed.',
  'approvals.too_many': 'Wait until people have decided some, or cancel some.',
};

const SHOW_AGAIN = 'Look at the approval again.';

/** What people can do about a refusal. */
export const approvalRemedies: Readonly<Record<keyof typeof approvalRejectionCodes, string>> = {
  'approvals.not_found': 'Correct the id, or sign in to the organization that it is in.',
  'approvals.people_only': 'Sign in as a person.',
  'approvals.agent_only': 'Write a comment instead.',
  'approvals.not_a_decider': 'Have somebody decide who is approver or lead of the team.',
  'approvals.involved': 'Have somebody else decide, or let the organization relax the rule.',
  'approvals.changed': 'Look at the action as it is now, then answer with its `digest`.',
  'approvals.reason_required': 'Answer again, with `reason`.',
  'approvals.already_settled': SHOW_AGAIN,
  'approvals.expired': 'Have the agent ask again.',
  'approvals.claimed': 'Ask whoever claimed it, or release their claim.',
  'approvals.question_not_found': 'Use the id of a question that the decision shows.',
  'approvals.already_answered': 'Nothing: the first answer stands.',
  'approvals.too_many_questions': 'Deny it with feedback that says what is missing.',
  'approvals.edit_blocked': 'Read `reasons`, and choose other arguments.',
  'approvals.not_approved': SHOW_AGAIN,
  'approvals.not_alike': 'Answer each by itself, or only those that `alikeIds` of one of them names.',
  'grants.not_found': 'Look it up in the list of grants.',
  'grants.people_every_time': 'Approve this one action, without a grant.',
  'grants.malformed': 'Correct the field that `problems` names.',
  'grants.not_covering': 'Loosen the pattern or the condition until it covers the action before you.',
  'grants.not_a_decider': 'Ask an owner, an admin, or somebody of the team.',
};

/** What somebody can do who could not be registered. */
export const registrationRemedies: Readonly<Record<keyof typeof registrationCodes, string>> = {
  'people.email_taken': 'Sign in with it, or choose another.',
  'people.password_unfit': 'Choose a longer or a shorter one.',
};
