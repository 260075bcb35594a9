import { agentEvents, evolveAgents, type AgentEvent } from '@countersign/agents';
import { approvalEvents, evolveApprovals, type ApprovalEvent } from '@countersign/approvals';
import { budgetEvents, type BudgetEvent } from '@countersign/budgets';
import { channelEvents, evolveChannels, type ChannelEvent } from '@countersign/channels';
import {
  evolveIdentity,
  evolveMembers,
  memberEvents,
  organizationEvents,
  type MemberEvent,
  type OrganizationEvent,
} from '@countersign/identity';
import { ledgerEvents, type LedgerEvent } from '@countersign/ledger';
import { evolvePolicies, policyEvents, type PolicyEvent } from '@countersign/policy';
import { evolveStops, stopEvents, type StopEvent } from '@countersign/stops';
import { decisionEvents, type DecisionEvent } from './decision.events.ts';
import type { EnforcementState } from './enforcement-state.ts';
import { evolveMoney, type Recorded } from './evolve-money.ts';

/** Every type of event an organization's ledger can hold. */
export const catalog = {
  ...organizationEvents,
  ...memberEvents,
  ...stopEvents,
  ...agentEvents,
  ...channelEvents,
  ...policyEvents,
  ...budgetEvents,
  ...decisionEvents,
  ...approvalEvents,
  ...ledgerEvents,
} as const;

export type AnyEvent =
  | OrganizationEvent
  | MemberEvent
  | StopEvent
  | AgentEvent
  | ChannelEvent
  | PolicyEvent
  | BudgetEvent
  | DecisionEvent
  | ApprovalEvent
  | LedgerEvent;

/**
 * Events after which what is cached under the epoch is stale: the list that design section 8 asks for. An attempt an
 * agent was refused, an opened budget and the ledger's own events change nothing that is cached.
 */
const configuration: ReadonlySet<string> = new Set([
  ...Object.keys(organizationEvents),
  ...Object.keys(memberEvents),
  ...Object.keys(stopEvents),
  ...Object.keys(channelEvents),
  ...Object.keys(policyEvents),
  'AgentRegistered',
  'AgentChanged',
  'AgentRetired',
  'AgentKeyIssued',
  'AgentKeyRevoked',
]);

export const changesConfiguration = (type: string) => configuration.has(type);

/**
 * Whether an event's content is never erased: no later decision could be decided again without it, and no row that
 * decisions depend on be recomputed. An opened budget changes nothing that is cached, yet its counters begin with it.
 */
export const isConfiguration = (type: string) => changesConfiguration(type) || type === 'BudgetOpened';

/** The last event of a batch that changes configuration, by index; -1 when none does. */
export const lastConfigurationIndex = (events: readonly { readonly type: string }[]) =>
  events.findLastIndex(({ type }) => changesConfiguration(type));

/** Folds one recorded event into the state. Total: an event that concerns no enforcement changes nothing. */
export function evolve(state: EnforcementState, recorded: Recorded<AnyEvent>): void {
  const { event } = recorded;
  if (event.type in organizationEvents) evolveIdentity(state, event as OrganizationEvent);
  else if (event.type in memberEvents) evolveMembers(state, event as MemberEvent);
  else if (event.type in stopEvents) evolveStops(state, event as StopEvent);
  else if (event.type in agentEvents) evolveAgents(state, event as AgentEvent);
  else if (event.type in channelEvents) evolveChannels(state, event as ChannelEvent);
  else if (event.type in policyEvents) evolvePolicies(state, event as PolicyEvent);
  else if (event.type in approvalEvents) evolveApprovals(state, event as ApprovalEvent);
  else evolveMoney(state, recorded as Recorded<DecisionEvent | BudgetEvent | LedgerEvent>);
}
