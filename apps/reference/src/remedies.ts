import type { agentRejectionCodes } from '@countersign/agents';
import type { budgetCodes } from '@countersign/budgets';
import type { correctionRejectionCodes, decisionCodes } from '@countersign/decisions';
import type { organizationRejectionCodes } from '@countersign/identity';
import type { erasureCodes } from '@countersign/ledger';
import type { policyCodes, policyRejectionCodes } from '@countersign/policy';
import type { approvalCodes, clientCodes } from '@countersign/sdk';

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
  'rate.exceeded': 'Wait until `retryAt`.',
  'rate.too_many_new': 'Wait until `retryAt`, or go on with runs and users that are known.',
  'agent.retired': 'Register a new agent: a retired one stays retired.',
  'agent.not_in_service': 'Wait until `retryAt`, or change the time in service: `countersign agent`.',
};

type CommandCode =
  | keyof typeof agentRejectionCodes
  | keyof typeof organizationRejectionCodes
  | keyof typeof policyRejectionCodes
  | keyof typeof correctionRejectionCodes
  | keyof typeof erasureCodes;

/** What whoever commanded can do about a refusal. */
export const commandRemedies: Readonly<Record<CommandCode, string>> = {
  'agents.name_taken': 'Choose another name.',
  'agents.not_found': 'Look it up with `countersign agent list`.',
  'agents.team_not_found': 'Make it with `countersign team add`.',
  'agents.retired': 'Register a new agent.',
  'agents.key_not_found': 'Look it up with `countersign agent list`.',
  'agents.key_already_expired': 'Give a later `expiresAt`, or none.',
  'identity.organization_exists': 'Choose another name.',
  'identity.organization_not_found': 'Look it up with `countersign organization list`.',
  'identity.team_exists': 'Use the team that is there, or choose another name.',
  'policies.invalid':
    'Correct the lines that `errors` names; `countersign policy validate` finds the same without a server.',
  'policies.not_found': 'Look it up with `countersign policy list`.',
  'policies.version_conflict': 'Look at the difference (`countersign policy diff`), then publish on top of it.',
  'policies.point_not_found': 'Create the team, agent or user first, or correct its name.',
  'policies.only_shadow': 'Attach the template `observe` beside it first.',
  'holds.not_found': 'Look it up with `countersign decisions`.',
  'holds.nothing_held': 'Nothing: only what held money can be corrected.',
  'holds.still_open': 'Wait until the hold has ended (`countersign holds`).',
  'ledger.erase_unknown': 'Give positions that exist.',
  'ledger.erase_own_event': 'Leave the position out.',
  'ledger.erase_open_hold': 'Wait until the hold has ended, then erase.',
};

/** What the program around the client can do. */
export const clientRemedies: Readonly<Record<keyof typeof clientCodes | keyof typeof approvalCodes, string>> = {
  'client.unreachable':
    'Look whether the URL is right and the api runs; asking again with the same request id is safe.',
  'client.timeout': 'Ask again with the same request id, or give `timeoutMs` more.',
  'client.unreadable': 'Look what stands between client and api; bring both to the same version.',
  'client.unserializable': 'Leave out what JSON cannot say: functions, circles, values of type `bigint`.',
  'client.closed': 'Call before `close`, or make a new client.',
  'client.repeated': 'Look whether it was done; then use a new request id, or `resume: true`.',
  'client.late': 'Ask again, with a new request id.',
  'client.cancelled': 'Nothing: the held money was given back.',
  'approval.denied': 'Read the feedback, change the action, and ask with a new request id.',
  'approval.expired': 'Ask again, with a new request id.',
  'approval.cancelled': 'Ask again, with a new request id.',
};
