import { createHash, randomBytes } from 'node:crypto';
import { newId } from '@countersign/crypto';
import type { ConfigurationCommand } from '@countersign/decisions';
import { OrganizationCommand } from '@countersign/identity';
import {
  instant,
  type AgentId,
  type AgentKeyId,
  type EndpointId,
  type EndpointSecretId,
  type InvitationId,
  type PublicationId,
  type StopId,
  type TeamId,
} from '@countersign/kernel';
import { newAgentKey } from './agent-key.ts';
import type { WireConfigurationCommand } from './configuration-wire.ts';

export interface PreparedCommand {
  readonly command: ConfigurationCommand;
  /** What the command itself has only the hash or the id of: an agent's key, an invitation's token, an endpoint's secret. */
  readonly secret?: string;
}

/** Long enough for a holiday, short enough that a forgotten mail is worth nothing. */
const INVITATION_DAYS = 7;
const DAY_MILLISECONDS = 86_400_000;

/** Adds what a command needs and a person does not type: ids, and for a new secret its hash. */
export function prepareCommand(wire: WireConfigurationCommand, now: number): PreparedCommand {
  switch (wire.type) {
    case 'CreateTeam':
      return { command: { ...wire, teamId: newId<TeamId>('team', now) } };
    case 'InviteMember':
      return prepareInvitation(wire, now);
    case 'PlaceStop':
      return { command: { ...wire, stopId: newId<StopId>('stp', now) } };
    case 'RegisterAgent':
      return { command: { ...wire, agentId: newId<AgentId>('agt', now) } };
    case 'IssueAgentKey': {
      const { key, hash, prefix } = newAgentKey();
      return { secret: key, command: { ...wire, keyId: newId<AgentKeyId>('key', now), hash, prefix } };
    }
    case 'AddEndpoint': {
      const endpointId = newId<EndpointId>('whk', now);
      return { secret: newEndpointSecret(), command: { ...wire, endpointId, secretId: newSecretId(now) } };
    }
    case 'RotateEndpointSecret':
      return { secret: newEndpointSecret(), command: { ...wire, secretId: newSecretId(now) } };
    case 'DisableEndpoint':
      return { command: { ...wire, why: 'person' } };
    case 'RevokeAgentKey':
      return { command: { ...wire, keyId: wire.keyId as AgentKeyId } };
    case 'PublishPolicy':
    case 'AttachPolicy':
    case 'DetachPolicy':
      return { command: { ...wire, publicationId: newId<PublicationId>('pub', now) } };
    default:
      return { command: wire };
  }
}

const newSecretId = (now: number) => newId<EndpointSecretId>('whs', now);

/** 32 random bytes, in the form of the Standard Webhooks. */
const newEndpointSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

function prepareInvitation(
  wire: Extract<WireConfigurationCommand, { type: 'InviteMember' }>,
  now: number,
): PreparedCommand {
  const secret = `csi_${randomBytes(32).toString('base64url')}`;
  const invitationId = newId<InvitationId>('inv', now);
  const expiresAt = wire.expiresAt ?? instant(now + INVITATION_DAYS * DAY_MILLISECONDS);
  return { secret, command: { ...wire, invitationId, tokenHash: hashOfInvitation(secret), expiresAt } };
}

/** All that is kept of an invitation's token (I13). */
export const hashOfInvitation = (token: string) => createHash('sha256').update(token).digest('hex');

/** The domain's own check of a time zone, so that the wire and the ledger never disagree on what one is. */
export const timeZoneProblem = (timeZone: string): string | null => {
  const read = OrganizationCommand.safeParse({ type: 'ChangeTimeZone', timeZone });
  return read.success ? null : (read.error.issues[0]?.message ?? 'must be a time zone');
};
