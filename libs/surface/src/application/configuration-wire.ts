import { AgentKeyScope, AgentProfile } from '@countersign/agents';
import { channelCommands } from '@countersign/channels';
import { ChangeTimeZone, memberCommands, OrganizationSettings } from '@countersign/identity';
import { instant, Name } from '@countersign/kernel';
import { AttachmentPoint, ConfirmPublication, RejectPublication } from '@countersign/policy';
import { LiftStop, PlaceStop } from '@countersign/stops';
import { z } from 'zod';

/**
 * Commands that change configuration as they arrive: what a person types, so times are RFC 3339 and teams and agents go
 * by name or id. Unknown fields are refused by name, for a misspelt `expiresAt` must not make a key that lives for ever.
 */

const Reference = z.string().min(1).max(63);
const Reason = z.string().max(4_096);

const Time = z.iso
  .datetime({ offset: true, message: 'must be a time such as `2027-01-31T00:00:00Z`' })
  .transform((text) => instant(Date.parse(text)));

const WireProfile = AgentProfile.extend({ inServiceFrom: Time.optional(), inServiceTo: Time.optional() });

const point = { name: Name, ...AttachmentPoint.shape };

const ofOrganization = [
  z.strictObject({ type: z.literal('CreateTeam'), name: Name }),
  // The domain's own, for a zone that is none would keep every later decision from being made.
  ChangeTimeZone,
  z.strictObject({ type: z.literal('ChangeSettings'), settings: OrganizationSettings.partial() }),
] as const;

const { InviteMember, ...ofMembers } = memberCommands;

const WireInvitation = InviteMember.omit({ invitationId: true, tokenHash: true }).extend({
  /** A week from now when left out. */
  expiresAt: Time.optional(),
});

const ofStops = [PlaceStop.omit({ stopId: true }), LiftStop] as const;

const ofAgents = [
  z.strictObject({ type: z.literal('RegisterAgent'), name: Name, team: Reference, profile: WireProfile.prefault({}) }),
  z.strictObject({
    type: z.literal('ChangeAgent'),
    agent: Reference,
    team: Reference.optional(),
    profile: WireProfile,
  }),
  z.strictObject({ type: z.literal('RetireAgent'), agent: Reference, reason: Reason.default('') }),
  z.strictObject({
    type: z.literal('IssueAgentKey'),
    agent: Reference,
    scopes: z.array(AgentKeyScope).min(1).default(['act', 'test']),
    expiresAt: Time.nullable().default(null),
    boundUser: z.string().min(1).max(512).nullable().default(null),
  }),
  z.strictObject({ type: z.literal('RevokeAgentKey'), keyId: z.string().max(64), reason: Reason.default('') }),
] as const;

const { AddEndpoint, RotateEndpointSecret, DisableEndpoint, ...ofChannels } = channelCommands;

const WireEndpoint = AddEndpoint.omit({ endpointId: true, secretId: true });
const WireRotation = RotateEndpointSecret.omit({ secretId: true });

const ofPolicies = [
  z.strictObject({
    type: z.literal('PublishPolicy'),
    document: z
      .string()
      .min(1)
      .max(512 * 1_024),
    note: Reason.default(''),
    expectedVersion: z.number().int().min(0).optional(),
  }),
  z.strictObject({ type: z.literal('AttachPolicy'), ...point }),
  z.strictObject({ type: z.literal('DetachPolicy'), ...point }),
  ConfirmPublication,
  RejectPublication,
] as const;

/** Each schema, for a surface that has commands besides. */
export const configurationWires = [
  ...ofOrganization,
  WireInvitation,
  ofMembers.RevokeInvitation,
  ofMembers.ChangeRole,
  ofMembers.ChangeTeamRole,
  ofMembers.RemoveFromTeam,
  ofMembers.RemoveMember,
  ofMembers.LeaveOrganization,
  ofMembers.TransferOwnership,
  ...ofStops,
  ...ofAgents,
  WireEndpoint,
  WireRotation,
  DisableEndpoint.omit({ why: true }),
  ofChannels.ChangeEndpoint,
  ofChannels.EnableEndpoint,
  ofChannels.RemoveEndpoint,
  ofChannels.ChooseNotices,
  ...ofPolicies,
] as const;

export const WireConfigurationCommand = z.discriminatedUnion('type', configurationWires);
export type WireConfigurationCommand = z.infer<typeof WireConfigurationCommand>;
