import type { Instant, MemberId, TeamId } from '@countersign/kernel';
import { settingsOf, type IdentityState } from '../organization.state.ts';
import { may } from '../rights/may.ts';
import { operator, stranger, type Caller, type Standing } from '../rights/standing.ts';
import type { Invitation, Member, MembersState } from './member.state.ts';

export type PeopleState = MembersState & IdentityState;

/**
 * What a caller is in this organization, at this position of its ledger. Agents and the system are strangers: what the
 * system does it does without asking, and agents never do what people do (I4).
 */
export function standingOf({ actor, tokenRights }: Caller, state: PeopleState): Standing {
  if (actor.kind === 'operator') return operator;
  return actor.kind === 'member' ? standingOfMemberId(actor.id as MemberId, state, tokenRights) : stranger;
}

export function standingOfMemberId(
  memberId: MemberId,
  state: PeopleState,
  tokenRights: Caller['tokenRights'],
): Standing {
  const self = state.organization.get('self');
  const member = activeMember(state, memberId);
  if (!self || !member) return stranger;

  const { organizationId } = self;
  const { role, teams } = member;
  const { leadsPublish } = settingsOf(state);
  return { kind: 'member', organizationId, memberId, role, teams, tokenRights, leadsPublish };
}

export function activeMember({ members }: MembersState, memberId: MemberId): Member | undefined {
  const member = members.get(memberId);
  return member?.status === 'active' ? member : undefined;
}

/** The membership of a person, past ones included: they may have left. */
export const memberOfUser = ({ members }: MembersState, userId: string): Member | undefined =>
  [...members.values()].find((member) => member.userId === userId);

export const ownersOf = ({ members }: MembersState): readonly Member[] =>
  [...members.values()].filter(({ status, role }) => status === 'active' && role === 'owner');

/** Who may decide what waits in a team's queue, by right alone: an approval may exclude some of them. */
export const decidersOf = (state: PeopleState, teamId: TeamId): readonly Member[] =>
  [...state.members.values()].filter(({ memberId }) => mayDecideFor(state, memberId, teamId));

/** Whether a member may decide what waits in a team's queue, now, by right alone. Who has left may not. */
export function mayDecideFor(state: PeopleState, memberId: MemberId, teamId: TeamId): boolean {
  const standing = standingOfMemberId(memberId, state, null);
  return (
    standing.kind === 'member' &&
    may(standing, 'approvals:decide', { kind: 'team', organizationId: standing.organizationId, teamId })
  );
}

/** Judged by the clock of whoever holds the lock, never by whether a sweep came. */
export const invitationStatus = ({ status, expiresAt }: Invitation, now: Instant): Invitation['status'] =>
  status === 'open' && expiresAt <= now ? 'expired' : status;
