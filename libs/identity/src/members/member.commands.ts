import { Instant, InvitationId, MemberId } from '@countersign/kernel';
import { z } from 'zod';
import { OrganizationRole, TeamRole } from '../rights/roles.ts';

/** A team is named by its id or its name. */
const TeamReference = z.string().min(1).max(63);
const Reason = z.string().max(4_096).default('');
const TokenHash = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal');
/** Addresses are compared without case: no provider of note tells `Ada@` from `ada@`, and people type both. */
const Email = z
  .email()
  .max(254)
  .transform((email) => email.toLowerCase());
const UserId = z.string().min(1).max(255);

/** More teams than an organization of a thousand people has. */
const TEAMS_MAX = 100;

export const InviteMember = z.strictObject({
  type: z.literal('InviteMember'),
  invitationId: InvitationId,
  email: Email,
  role: OrganizationRole,
  teams: z
    .array(z.strictObject({ team: TeamReference, role: TeamRole }))
    .max(TEAMS_MAX)
    .default([]),
  tokenHash: TokenHash,
  expiresAt: Instant,
});

export const RevokeInvitation = z.strictObject({
  type: z.literal('RevokeInvitation'),
  invitationId: InvitationId,
});

/**
 * Somebody signed in presents an invitation's token. `email` is their address as the edge knows it to be theirs, never
 * as they typed it; `memberId` is what they become unless they were a member before.
 */
export const AcceptInvitation = z.strictObject({
  type: z.literal('AcceptInvitation'),
  tokenHash: TokenHash,
  memberId: MemberId,
  userId: UserId,
  email: Email,
});

/** Records the expiry of what is past due; by the system. What is past due is refused whether or not this has run. */
export const ExpireInvitations = z.strictObject({ type: z.literal('ExpireInvitations') });

export const ChangeRole = z.strictObject({
  type: z.literal('ChangeRole'),
  memberId: MemberId,
  role: OrganizationRole,
});

/** Puts a member into a team, or changes what they are there. */
export const ChangeTeamRole = z.strictObject({
  type: z.literal('ChangeTeamRole'),
  memberId: MemberId,
  team: TeamReference,
  role: TeamRole,
});

/** Takes a member out of a team; anyone may take out themselves. */
export const RemoveFromTeam = z.strictObject({
  type: z.literal('RemoveFromTeam'),
  memberId: MemberId,
  team: TeamReference,
});

export const RemoveMember = z.strictObject({ type: z.literal('RemoveMember'), memberId: MemberId, reason: Reason });

export const LeaveOrganization = z.strictObject({ type: z.literal('LeaveOrganization') });

export const TransferOwnership = z.strictObject({ type: z.literal('TransferOwnership'), to: MemberId });

/** Each by its name, for surfaces that add to some of them. */
export const memberCommands = {
  InviteMember,
  RevokeInvitation,
  ChangeRole,
  ChangeTeamRole,
  RemoveFromTeam,
  RemoveMember,
  LeaveOrganization,
  TransferOwnership,
} as const;

export const MemberCommand = z.discriminatedUnion('type', [
  InviteMember,
  RevokeInvitation,
  AcceptInvitation,
  ExpireInvitations,
  ChangeRole,
  ChangeTeamRole,
  RemoveFromTeam,
  RemoveMember,
  LeaveOrganization,
  TransferOwnership,
]);
export type MemberCommand = z.infer<typeof MemberCommand>;
