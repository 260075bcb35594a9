import type { Agent } from '@countersign/agents';
import { keyRefusal } from '@countersign/agents';
import { peopleOf, type Electorate, type People } from '@countersign/approvals';
import { settingsOf } from '@countersign/identity';
import type { AgentId, Instant, MemberId } from '@countersign/kernel';
import type { EnforcementState } from './enforcement-state.ts';

/** The configuration that says who people and agents are. */
type Known = Pick<EnforcementState, 'organization' | 'teams' | 'members' | 'agents' | 'agentKeys'>;

/**
 * Who may decide about the actions of one agent, at one instant. `people` may be given where several are asked under the
 * same configuration.
 */
export const electorateOf = (
  state: Known,
  agentId: AgentId,
  now: Instant,
  people: People = peopleOf(state as EnforcementState),
): Electorate => {
  const isRelaxed = settingsOf(state).ownAgentApproval;
  return { people, isRelaxed, involved: isRelaxed ? NOBODY : involvedWith(state, agentId, now) };
};

const NOBODY: ReadonlySet<MemberId> = new Set();

/** The agent's owner and deputy, and whoever issued a key with which it can act now. */
export function involvedWith(state: Known, agentId: AgentId, now: Instant): ReadonlySet<MemberId> {
  const agent = state.agents.get(agentId);
  const involved = new Set<MemberId>(agent ? keepersOf(state, agent) : []);
  for (const key of state.agentKeys.values()) {
    if (key.agentId !== agentId || key.issuedBy === undefined || keyRefusal(key, now) !== null) continue;
    involved.add(key.issuedBy);
  }
  return involved;
}

/**
 * The owner of an agent is a member's id. Records from before that was asked for hold words, and a deputy, who stands in
 * for the owner, still may be named in words: of those the id of a member or of a person says who is meant, and others say
 * nothing that could be relied on.
 */
function keepersOf({ members }: Known, { profile: { owner, deputy } }: Agent): readonly MemberId[] {
  const named = new Set([owner, deputy].map((words) => words?.trim().toLowerCase()));
  return [...members.values()].flatMap(({ memberId, userId }) =>
    named.has(memberId) || named.has(userId.toLowerCase()) ? [memberId] : [],
  );
}
