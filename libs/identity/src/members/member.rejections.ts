import type { MemberId } from '@countersign/kernel';
import type { ForbiddenRejection } from '../rights/operation.ts';
import type { OrganizationRole, TeamRole } from '../rights/roles.ts';

/** Every reason a change of who belongs to an organization is refused. Codes are public: never reuse one. */
export type MemberRejection =
  | ForbiddenRejection
  | { readonly code: 'identity.members_only' }
  | { readonly code: 'identity.member_not_found'; readonly memberId: MemberId }
  | { readonly code: 'identity.team_not_found'; readonly team: string }
  | { readonly code: 'identity.last_owner' }
  | { readonly code: 'identity.role_not_held'; readonly role: OrganizationRole | TeamRole }
  | { readonly code: 'identity.role_never_decides'; readonly role: OrganizationRole }
  | { readonly code: 'identity.already_invited' }
  | { readonly code: 'identity.already_member'; readonly memberId: MemberId }
  | { readonly code: 'identity.member_id_taken' }
  | { readonly code: 'identity.invitation_not_found' }
  | { readonly code: 'identity.invitation_closed'; readonly status: 'accepted' | 'revoked' | 'expired' }
  | { readonly code: 'identity.invitation_expiry' }
  | { readonly code: 'identity.invitation_for_another' }
  | { readonly code: 'identity.invitation_void' };

/** What each says. */
export const memberRejectionCodes = {
  'identity.forbidden': 'Whoever asks does not have the right it takes, there.',
  'identity.members_only': 'Only a member can do that, about themselves.',
  'identity.member_not_found': 'There is no such member.',
  'identity.team_not_found': 'There is no such team.',
  'identity.last_owner': 'An organization always has an owner: the last one cannot leave or become something else.',
  'identity.role_not_held': 'Nobody gives, changes or takes away a role with rights that they do not hold themselves.',
  'identity.role_never_decides': 'Auditors and viewers never decide approvals, so they are no lead or approver.',
  'identity.already_invited': 'An invitation to that address is open.',
  'identity.already_member': 'Whoever accepts is a member.',
  'identity.member_id_taken': 'The new member id belongs to somebody else.',
  'identity.invitation_not_found': 'There is no such invitation.',
  'identity.invitation_closed': 'The invitation was accepted or revoked, or is past its expiry.',
  'identity.invitation_expiry': 'An invitation expires in the future, and within 30 days.',
  'identity.invitation_for_another': 'The invitation is for another e-mail address.',
  'identity.invitation_void': 'Whoever gave the invitation could no longer give it today.',
} as const satisfies Record<MemberRejection['code'], string>;
