import type { Grant, GrantGround, People } from '@countersign/approvals';
import type { AgentId, Instant } from '@countersign/kernel';
import { patternsMeet } from '@countersign/kernel/patterns';
import { askingRulesOf, type Stack } from '@countersign/policy';
import type { CompiledStops } from '@countersign/stops';
import { electorateOf } from './electorate.ts';
import type { EnforcementState } from './enforcement-state.ts';

/** What grants are judged under: one configuration, at one instant. */
export interface Ground {
  readonly state: EnforcementState;
  readonly people: People;
  readonly stops: CompiledStops;
  readonly now: Instant;
  /** The policies that may judge an action of the agent. */
  readonly stackOf: (agentId: AgentId) => Stack | null;
}

/** What one grant rests on now; asked once for each, because agents share nothing but the people. */
export function groundOf(grant: Grant, { state, people, stops, now, stackOf }: Ground): GrantGround {
  const stack = stackOf(grant.agentId);
  return {
    electorate: electorateOf(state, grant.agentId, now, people),
    standingRules: stack ? askingRulesOf(stack) : new Set(),
    isStopped: stops.size > 0 && isStopped(grant, state, stops),
  };
}

/** Whether a stop covers the agent, or any action that the grant could be for. */
function isStopped(grant: Grant, { agents }: EnforcementState, stops: CompiledStops): boolean {
  const teamId = agents.get(grant.agentId)?.teamId;
  if (stops.everywhere.length > 0 || stops.byAgent.has(grant.agentId)) return true;
  if (teamId !== undefined && stops.byTeam.has(teamId)) return true;
  return stops.patterns.some(
    ({ pattern, teamId: within }) =>
      (within === null || within === teamId) && patternsMeet(pattern.source, grant.pattern),
  );
}
