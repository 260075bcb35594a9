import { agentEvents, evolveAgents, type AgentEvent } from '@countersign/agents';
import { budgetEvents, type BudgetEvent } from '@countersign/budgets';
import { evolveIdentity, organizationEvents, type OrganizationEvent } from '@countersign/identity';
import { ledgerEvents, type LedgerEvent } from '@countersign/ledger';
import { evolvePolicies, policyEvents, type PolicyEvent } from '@countersign/policy';
import { decisionEvents, type DecisionEvent } from './decision.events.ts';
import type { EnforcementState } from './enforcement-state.ts';
import { evolveMoney, type Recorded } from './evolve-money.ts';

/** Every type of event an organization's ledger can hold. */
export const catalog = {
  ...organizationEvents,
  ...agentEvents,
  ...policyEvents,
  ...budgetEvents,
  ...decisionEvents,
  ...ledgerEvents,
} as const;

export type AnyEvent = OrganizationEvent | AgentEvent | PolicyEvent | BudgetEvent | DecisionEvent | LedgerEvent;

/**
 * Events after which what is cached under the epoch is stale: the list that design section 8 asks for. An attempt an
 * agent was refused, an opened budget and the ledger's own events change nothing that is cached.
 */
const configuration: ReadonlySet<string> = new Set([
  ...Object.keys(organizationEvents),
  ...Object.keys(policyEvents),
  'AgentRegistered',
  'AgentChanged',
  'AgentRetired',
  'AgentKeyIssued',
  'AgentKeyRevoked',
]);

export const changesConfiguration = (type: string) => configuration.has(type);

/** The last event of a batch that changes configuration, by index; -1 when none does. */
export const lastConfigurationIndex = (events: readonly { readonly type: string }[]) =>
  events.findLastIndex(({ type }) => changesConfiguration(type));

/** Folds one recorded event into the state. Total: an event that concerns no enforcement changes nothing. */
export function evolve(state: EnforcementState, recorded: Recorded<AnyEvent>): void {
  const { event } = recorded;
  if (event.type in organizationEvents) evolveIdentity(state, event as OrganizationEvent);
  else if (event.type in agentEvents) evolveAgents(state, event as AgentEvent);
  else if (event.type in policyEvents) evolvePolicies(state, event as PolicyEvent);
  else evolveMoney(state, recorded as Recorded<DecisionEvent | BudgetEvent | LedgerEvent>);
}
