import { instant } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { activeMember } from '../members/member.queries.ts';
import { ada, adaOwns, organization, peopleAfter } from '../members/member.mother.ts';
import { stranger } from '../rights/standing.ts';
import type { SignedIn } from './sign-ins.ts';
import { callerOf, standingOfSignedIn } from './standing-of.ts';

const state = peopleAfter(...organization, adaOwns);
const since = activeMember(state, ada)?.since ?? 0;
const self = state.organization.get('self')?.organizationId ?? '';

const session: SignedIn = {
  userId: 'user-1',
  by: 'session',
  method: 'password',
  credential: 'session-1',
  issuedAt: instant(since - 1),
  rights: null,
  organizationId: null,
};
const token: SignedIn = {
  ...session,
  by: 'token',
  method: 'token',
  credential: 'token-1',
  issuedAt: instant(since),
  rights: ['teams:read'],
};

describe('somebody who signed in', () => {
  it('is what their membership says, as far as their credential reaches', () => {
    expect(standingOfSignedIn(session, state)).toMatchObject({ memberId: ada, role: 'owner', tokenRights: null });
    expect(standingOfSignedIn(token, state)).toMatchObject({ memberId: ada, tokenRights: ['teams:read'] });
    expect(standingOfSignedIn({ ...token, organizationId: self }, state)).toMatchObject({ memberId: ada });
  });

  it.each<[string, SignedIn]>([
    ['whom the organization does not know', { ...session, userId: 'user-2' }],
    ['whose token is bound to another organization', { ...token, organizationId: 'another' }],
    ['whose token is older than their membership', { ...token, issuedAt: instant(since - 1) }],
  ])('%s is a stranger, and commands nothing', (_, signedIn) => {
    expect(standingOfSignedIn(signedIn, state)).toEqual(stranger);
    expect(callerOf(signedIn, state)).toBeNull();
  });

  it('commands as the member, by the credential that they used', () => {
    expect(callerOf(session, state)).toEqual({
      actor: { kind: 'member', id: ada, method: 'session', credential: 'session-1' },
      tokenRights: null,
    });
    expect(callerOf(token, state)).toMatchObject({
      actor: { method: 'personal-token', credential: 'token-1' },
      tokenRights: ['teams:read'],
    });
  });
});
