import { electorsFor, type Approval, type Needed } from '@countersign/approvals';
import { electorateOf, type EnforcementState } from '@countersign/decisions';
import { activeMember, ownersOf, type Member } from '@countersign/identity';
import type { AgentId, Instant, MemberId, TeamId } from '@countersign/kernel';
import type { StopScope } from '@countersign/stops';

/** Whom a notice is for, by what people are when it is made. */

const membersOf = ({ members }: EnforcementState): readonly Member[] =>
  [...members.values()].filter(({ status }) => status === 'active');

const idsOf = (members: readonly Member[]): readonly MemberId[] => members.map(({ memberId }) => memberId);

/** Those who may decide for these requirements now, the involved left out. */
export function decidersFor(
  requirements: readonly Needed[],
  approval: Approval,
  state: EnforcementState,
  at: Instant,
): readonly MemberId[] {
  const electorate = electorateOf(state, approval.agentId, at);
  return [...new Set(requirements.flatMap((needed) => [...electorsFor(needed, approval, electorate)]))];
}

/**
 * An agent's owner. Its profile names them in words; where no member is meant, its team's leads hear of it instead, and
 * where there are none the organization's owners: what nobody hears of nobody repairs.
 */
export function ownersOfAgent(state: EnforcementState, agentId: AgentId): readonly MemberId[] {
  const agent = state.agents.get(agentId);
  const owner = agent?.profile.owner;
  const own = membersOf(state).filter(({ memberId, userId }) => memberId === owner || userId === owner);
  if (own.length > 0) return idsOf(own);
  const leads = agent ? leadsOf(state, agent.teamId) : [];
  return leads.length > 0 ? leads : idsOf(ownersOf(state));
}

export const leadsOf = (state: EnforcementState, teamId: TeamId): readonly MemberId[] =>
  idsOf(membersOf(state).filter(({ teams }) => teams[teamId] === 'lead'));

/** Owners and admins. */
export const managersOf = (state: EnforcementState): readonly MemberId[] =>
  idsOf(membersOf(state).filter(({ role }) => role === 'owner' || role === 'admin'));

/** Who may read the whole organization. */
export const readersOf = (state: EnforcementState): readonly MemberId[] =>
  idsOf(membersOf(state).filter(({ role }) => role === 'owner' || role === 'admin' || role === 'auditor'));

/** Owners and admins, the leads and approvers of the teams that stand still, and the owner of an agent that does. */
export function stoppedBy(state: EnforcementState, scope: StopScope): readonly MemberId[] {
  const teamId = teamOf(state, scope);
  const concerned = membersOf(state).filter(({ teams }) =>
    Object.entries(teams).some(([team, role]) => role !== 'none' && (teamId === null || team === teamId)),
  );
  const owners = scope.kind === 'agent' ? ownersOfAgent(state, scope.agentId) : [];
  return [...managersOf(state), ...idsOf(concerned), ...owners];
}

/** Null: every team. */
function teamOf({ agents }: EnforcementState, scope: StopScope): TeamId | null {
  if (scope.kind === 'organization') return null;
  return scope.kind === 'agent' ? (agents.get(scope.agentId)?.teamId ?? null) : scope.teamId;
}

/** Each once, and nobody who has left; without whoever did it and so knows. */
export const eachOnce = (state: EnforcementState, members: readonly MemberId[], but: string): readonly MemberId[] =>
  [...new Set(members)].filter((member) => member !== but && activeMember(state, member) !== undefined);
