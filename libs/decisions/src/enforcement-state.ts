import { emptyAgents, type AgentsState } from '@countersign/agents';
import type { Counter, CounterKey } from '@countersign/budgets';
import { emptyApprovals, type Approval, type ApprovalsState, type Grant } from '@countersign/approvals';
import { emptyChannels, type ChannelsState } from '@countersign/channels';
import { emptyIdentity, emptyMembers, type IdentityState, type MembersState } from '@countersign/identity';
import { PartialMap, TrackedMap } from '@countersign/kernel';
import type { ApprovalId, DecisionId, GrantId, Instant, StopId } from '@countersign/kernel';
import { emptyPolicies, type PoliciesState } from '@countersign/policy';
import { emptyStops, type LiftedStop, type StopsState } from '@countersign/stops';
import type { Hold } from './hold.ts';

/** The latest allows that one rate counted, oldest first; for new runs and users also which name each one was. */
export interface RateWindow {
  readonly at: readonly Instant[];
  readonly names?: readonly string[];
}

/**
 * All that the next decision of one organization depends on, as rows by key.
 *
 * Folding the whole ledger gives the whole state; under the head lock only the rows a batch needs are present. Either
 * way the same functions change it, and the maps remember which rows to write.
 */
export interface EnforcementState
  extends IdentityState, MembersState, StopsState, AgentsState, ChannelsState, PoliciesState, ApprovalsState {
  readonly counters: TrackedMap<CounterKey, Counter>;
  readonly holds: TrackedMap<DecisionId, Hold>;
  readonly rates: TrackedMap<string, RateWindow>;
}

/** The state under the lock: configuration may be whole, of money only the rows that were read are there. */
export interface PartialEnforcement extends EnforcementState {
  readonly counters: PartialMap<CounterKey, Counter>;
  readonly holds: PartialMap<DecisionId, Hold>;
  readonly rates: PartialMap<string, RateWindow>;
  readonly approvals: PartialMap<ApprovalId, Approval>;
  readonly grants: PartialMap<GrantId, Grant>;
  readonly liftedStops: PartialMap<StopId, LiftedStop>;
}

export const partialEnforcement = (): PartialEnforcement => ({
  ...emptyEnforcement(),
  counters: new PartialMap(),
  holds: new PartialMap(),
  rates: new PartialMap(),
  approvals: new PartialMap(),
  grants: new PartialMap(),
  liftedStops: new PartialMap(),
});

export const emptyEnforcement = (): EnforcementState => ({
  ...emptyIdentity(),
  ...emptyMembers(),
  ...emptyStops(),
  ...emptyAgents(),
  ...emptyChannels(),
  ...emptyPolicies(),
  ...emptyApprovals(),
  counters: new TrackedMap(),
  holds: new TrackedMap(),
  rates: new TrackedMap(),
});
