import { activeMember, decidersOf, findTeam, ownersOf, type PeopleState } from '@countersign/identity';
import type { MemberId } from '@countersign/kernel';
import type { People } from './electorate.ts';

/**
 * The people of an organization as approvals ask about them. For one command: what it has looked up it remembers, so
 * whoever changes the state makes another. Teams are found by id or name, as policies name them.
 */
export function peopleOf(state: PeopleState): People {
  const deciders = new Map<string, readonly MemberId[]>();
  return {
    roleOf: (member) => activeMember(state, member)?.role ?? null,
    decidersOf: (team) => {
      const known = deciders.get(team) ?? decidersOfTeam(state, team);
      deciders.set(team, known);
      return known;
    },
    owners: ownersOf(state).map(({ memberId }) => memberId),
  };
}

function decidersOfTeam(state: PeopleState, team: string): readonly MemberId[] {
  const found = findTeam(state, team);
  return found ? decidersOf(state, found.teamId).map(({ memberId }) => memberId) : [];
}
