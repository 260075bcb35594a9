import {
  emptyIdentity,
  emptyMembers,
  evolveIdentity,
  evolveMembers,
  type Caller,
  type OrganizationRole,
  type PeopleState,
} from '@countersign/identity';
import {
  EndpointId,
  EndpointSecretId,
  InvitationId,
  MemberId,
  Name,
  OrganizationId,
  type Instant,
} from '@countersign/kernel';
import type { ChannelEvent } from './channel.events.ts';
import { emptyChannels, type ChannelsState } from './channel.state.ts';
import type { NoticeKind } from './notice-kind.ts';

const numbered = (prefix: string, n: number) => `${prefix}_${String(n).padStart(32, '0')}`;

export const lovelace = OrganizationId.parse('00000000-0000-4000-8000-000000000001');
export const endpointNumber = (n: number) => EndpointId.parse(numbered('whk', n));
export const secretNumber = (n: number) => EndpointSecretId.parse(numbered('whs', n));
export const memberNumber = (n: number) => MemberId.parse(numbered('mem', n));

export const at = (clock: string) => Date.parse(`2026-03-02T${clock}:00.000Z`) as Instant;

const roles = ['owner', 'admin', 'member', 'developer', 'auditor', 'viewer'] as const satisfies OrganizationRole[];
const memberOfRole = (role: OrganizationRole) => memberNumber(roles.indexOf(role) + 1);

export const by = (role: OrganizationRole): Caller => callerOf('member', memberOfRole(role));
export const byAgent = (): Caller => callerOf('agent', memberOfRole('owner'));
export const bySystem = (): Caller => callerOf('system', 'countersign');
export const byOperator = (): Caller => callerOf('operator', 'cli');

const callerOf = (kind: Caller['actor']['kind'], id: string): Caller => ({
  actor: { kind, id, method: 'session', credential: 'ses_1' },
  tokenRights: null,
});

export type Channelled = ChannelsState & PeopleState;

/** An organization with somebody of each role, and no endpoints. */
export function everybody(): Channelled {
  const state = { ...emptyIdentity(), ...emptyMembers(), ...emptyChannels() };
  const name = Name.parse('lovelace');
  evolveIdentity(state, { type: 'OrganizationCreated', data: { organizationId: lovelace, name, timeZone: 'UTC' } });
  for (const role of roles) {
    const memberId = memberOfRole(role);
    const invitationId = InvitationId.parse(memberId.replace('mem_', 'inv_'));
    const data = { memberId, userId: role, invitationId, role, teams: [], at: at('08:00') };
    evolveMembers(state, { type: 'MemberJoined', data });
  }
  return state;
}

export const hook = 'https://hooks.example.com/countersign';

export const added = (n = 1, url = hook, kinds: NoticeKind[] = ['approval.opened']): ChannelEvent => ({
  type: 'EndpointAdded',
  data: { endpointId: endpointNumber(n), url, kinds, secretId: secretNumber(n) },
});
