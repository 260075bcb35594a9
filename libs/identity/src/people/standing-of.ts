import type { MemberId } from '@countersign/kernel';
import { activeMember, memberOfUser, standingOfMemberId, type PeopleState } from '../members/member.queries.ts';
import { stranger, type Caller, type Standing } from '../rights/standing.ts';
import type { SignedIn } from './sign-ins.ts';

/**
 * What somebody who signed in is in this organization. A stranger's for whoever is no member (any more), for a token
 * that is bound to another organization, and for one that was made before its person last joined: who comes back
 * brings nothing along.
 */
export function standingOfSignedIn(signedIn: SignedIn, state: PeopleState): Standing {
  const memberId = memberIdOf(signedIn, state);
  return memberId === null ? stranger : standingOfMemberId(memberId, state, signedIn.rights);
}

/** As whom somebody who signed in commands; null for a stranger, who commands nothing. */
export function callerOf(signedIn: SignedIn, state: PeopleState): Caller | null {
  const memberId = memberIdOf(signedIn, state);
  if (memberId === null) return null;
  const method = signedIn.by === 'session' ? 'session' : 'personal-token';
  return {
    actor: { kind: 'member', id: memberId, method, credential: signedIn.credential },
    tokenRights: signedIn.rights,
  };
}

function memberIdOf({ userId, by, organizationId, issuedAt }: SignedIn, state: PeopleState): MemberId | null {
  const isBoundElsewhere = organizationId !== null && organizationId !== state.organization.get('self')?.organizationId;
  const known = memberOfUser(state, userId);
  const member = known && activeMember(state, known.memberId);
  if (!member || isBoundElsewhere) return null;
  return by === 'token' && issuedAt < member.since ? null : member.memberId;
}
