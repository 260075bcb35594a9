import { Instant, InvitationId, MemberId, TeamId, type EventOf } from '@countersign/kernel';
import { z } from 'zod';
import { OrganizationRole, TeamRole } from '../rights/roles.ts';

/** A team with the role in it. Each team at most once. */
export const TeamMembership = z.strictObject({ teamId: TeamId, role: TeamRole });
export type TeamMembership = Readonly<z.infer<typeof TeamMembership>>;

/** Facts about invitations and memberships. Permanent shapes; an invitation's token appears as its hash alone (I13). */
export const memberEvents = {
  MemberInvited: z.strictObject({
    invitationId: InvitationId,
    /** In lower case. In the payload and nowhere else, so that it can be erased. */
    email: z.string(),
    role: OrganizationRole,
    teams: z.array(TeamMembership),
    /** SHA-256 of the token, in hexadecimal. The token has 256 random bits, so the hash cannot be guessed backwards. */
    tokenHash: z.string(),
    expiresAt: Instant,
    /** Null: the operator. An invitation is worth no more than its giver still is when it is accepted. */
    invitedBy: MemberId.nullable(),
  }),
  InvitationRevoked: z.strictObject({ invitationId: InvitationId }),
  InvitationExpired: z.strictObject({ invitationId: InvitationId }),
  /** Somebody accepted an invitation. A person who returns has the member id they had. */
  MemberJoined: z.strictObject({
    memberId: MemberId,
    /** Of the identity library; opaque to everything that judges. */
    userId: z.string(),
    invitationId: InvitationId,
    role: OrganizationRole,
    teams: z.array(TeamMembership),
    at: Instant,
  }),
  MemberRoleChanged: z.strictObject({ memberId: MemberId, role: OrganizationRole }),
  /** Also how a member comes into a team. */
  MemberTeamRoleChanged: z.strictObject({ memberId: MemberId, teamId: TeamId, role: TeamRole }),
  MemberLeftTeam: z.strictObject({ memberId: MemberId, teamId: TeamId }),
  MemberRemoved: z.strictObject({ memberId: MemberId, reason: z.string() }),
  MemberLeft: z.strictObject({ memberId: MemberId }),
  /** The one becomes owner, the other admin, at once: at no position is there nobody. */
  OwnershipTransferred: z.strictObject({ from: MemberId, to: MemberId }),
} as const;

export type MemberEvent = EventOf<typeof memberEvents>;

/** Which subject's history an event belongs to: a person's membership or an invitation. */
export function streamOfMemberEvent({ data }: MemberEvent): string {
  if ('memberId' in data) return `member-${data.memberId.slice('mem_'.length)}`;
  if ('to' in data) return `member-${data.to.slice('mem_'.length)}`;
  return `invitation-${data.invitationId.slice('inv_'.length)}`;
}
