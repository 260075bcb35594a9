import type { Problem } from '@countersign/http';
import type { MemberRejection } from '@countersign/identity';
import { unreachable } from '@countersign/kernel';

/** The one place where a refused change of who belongs to an organization becomes words a person reads. */
export function problemOfMemberRejection(rejection: MemberRejection): Problem {
  const { code } = rejection;
  switch (rejection.code) {
    case 'identity.forbidden':
      return {
        status: 403,
        code,
        title: 'Forbidden',
        detail: `That takes the right \`${rejection.right}\`, which you do not have there.`,
      };
    case 'identity.members_only':
      return { status: 403, code, title: 'Forbidden', detail: 'Only a member can do that, signed in, for themselves.' };
    case 'identity.member_not_found':
      return absent(code, `There is no member \`${rejection.memberId}\`.`);
    case 'identity.team_not_found':
      return absent(code, `There is no team \`${rejection.team}\`.`);
    case 'identity.invitation_not_found':
      return absent(code, 'There is no such invitation.');
    case 'identity.last_owner':
      return conflict(code, 'An organization always has an owner: make somebody else owner first.');
    case 'identity.role_not_held':
      return refused(code, `Only who has every right of \`${rejection.role}\` can give it, change it or take it away.`);
    case 'identity.role_never_decides':
      return refused(code, `A member who is \`${rejection.role}\` never decides approvals, so is no lead or approver.`);
    default:
      return problemOfInvitation(rejection);
  }
}

type OfInvitation = Extract<
  MemberRejection,
  { code: `identity.already_${string}` | 'identity.member_id_taken' | `identity.invitation_${string}` }
>;

function problemOfInvitation(rejection: Exclude<OfInvitation, { code: 'identity.invitation_not_found' }>): Problem {
  const { code } = rejection;
  switch (rejection.code) {
    case 'identity.already_invited':
      return conflict(code, 'An invitation to that address is open: revoke it to send another.');
    case 'identity.already_member':
      return conflict(code, `Whoever accepts is member \`${rejection.memberId}\` already.`);
    case 'identity.member_id_taken':
      return conflict(code, 'The new member id belongs to somebody else: send the command again.');
    case 'identity.invitation_closed':
      return conflict(code, closedInvitation(rejection.status));
    case 'identity.invitation_expiry':
      return refused(code, '`expiresAt` must be in the future, and within 30 days.');
    case 'identity.invitation_for_another':
      return refused(code, 'The invitation is for another e-mail address: sign in with that one.');
    case 'identity.invitation_void':
      return refused(code, 'Whoever gave the invitation could no longer give it: ask for another.');
    default:
      return unreachable(rejection);
  }
}

/** An accepted one is mostly opened again by who accepted it. */
const closedInvitation = (status: 'accepted' | 'revoked' | 'expired') =>
  status === 'accepted'
    ? 'The invitation is accepted: sign in, or ask for another if that was not you.'
    : `The invitation is ${status}: ask for another.`;

const absent = (code: string, detail: string): Problem => ({ status: 404, code, title: 'Not found', detail });
const conflict = (code: string, detail: string): Problem => ({ status: 409, code, title: 'Conflict', detail });
const refused = (code: string, detail: string): Problem => ({ status: 422, code, title: 'Refused', detail });
