import { newId } from '@countersign/crypto';
import type { ConfigurationCommand } from '@countersign/decisions';
import { OrganizationCommand } from '@countersign/identity';
import type { AgentId, AgentKeyId, TeamId } from '@countersign/kernel';
import { newAgentKey } from './agent-key.ts';
import type { WireCommand } from './wire-command.ts';

/** Commands that change configuration; the others have a port of their own. */
export type WireConfigurationCommand = Exclude<
  WireCommand,
  { type: 'ErasePayloads' | 'CorrectHold' | 'RotateSigningKey' }
>;

export interface PreparedCommand {
  readonly command: ConfigurationCommand;
  /** Set for `IssueAgentKey`: the key itself, which the command does not carry. */
  readonly key?: string;
}

/** Adds what a command needs and a person does not type: ids, and for a new key its hash and prefix. */
export function prepareCommand(wire: WireConfigurationCommand, now: number): PreparedCommand {
  switch (wire.type) {
    case 'CreateTeam':
      return { command: { ...wire, teamId: newId<TeamId>('team', now) } };
    case 'RegisterAgent':
      return { command: { ...wire, agentId: newId<AgentId>('agt', now) } };
    case 'IssueAgentKey': {
      const { key, hash, prefix } = newAgentKey();
      return { key, command: { ...wire, keyId: newId<AgentKeyId>('key', now), hash, prefix } };
    }
    case 'RevokeAgentKey':
      return { command: { ...wire, keyId: wire.keyId as AgentKeyId } };
    default:
      return { command: wire };
  }
}

/** The domain's own check of a time zone, so that the wire and the ledger never disagree on what one is. */
export const timeZoneProblem = (timeZone: string): string | null => {
  const read = OrganizationCommand.safeParse({ type: 'ChangeTimeZone', timeZone });
  return read.success ? null : (read.error.issues[0]?.message ?? 'must be a time zone');
};
