import { AgentCommand, decideAgent, type AgentRejection } from '@countersign/agents';
import { decideOrganization, OrganizationCommand, type OrganizationRejection } from '@countersign/identity';
import type { Actor, Decided, Instant, OrganizationId } from '@countersign/kernel';
import { decidePolicy, PolicyCommand, type PolicyRejection } from '@countersign/policy';
import type { AnyEvent } from './catalog.ts';
import type { EnforcementState } from './enforcement-state.ts';

/** What people, through a program, tell an organization to do. */
export type ConfigurationCommand = OrganizationCommand | AgentCommand | PolicyCommand;
export type ConfigurationRejection = OrganizationRejection | AgentRejection | PolicyRejection;

export type ConfigurationDecision = Decided<AnyEvent, ConfigurationRejection>;

const isOf = <Command>(
  schema: { options: readonly { shape: { type: { value: string } } }[] },
  command: { type: string },
): command is { type: string } & Command => schema.options.some(({ shape }) => shape.type.value === command.type);

/** Judges one command against the configuration as it is under the lock. */
export function decideConfiguration(
  command: ConfigurationCommand,
  state: EnforcementState,
  at: Instant,
): ConfigurationDecision {
  if (isOf<OrganizationCommand>(OrganizationCommand, command)) return decideOrganization(command, state, at);
  if (isOf<AgentCommand>(AgentCommand, command)) return decideAgent(command, state, at);
  return decidePolicy(command as PolicyCommand, state);
}

/** An event as it was recorded, for whoever commanded it. */
export interface CommandedEvent {
  readonly type: string;
  readonly position: number;
  readonly data: unknown;
}

export type CommandOutcome =
  | { readonly outcome: 'accepted'; readonly events: readonly CommandedEvent[]; readonly at: Instant }
  | { readonly outcome: 'rejected'; readonly rejection: ConfigurationRejection };

/**
 * Carries out commands: the same way in as decisions, one at a time per organization, under its head lock.
 * What it answers is committed. An accepted command without events had already taken effect.
 */
export abstract class Commands {
  /** @throws the faults of the ledger (clock unsure, commit unknown, database away); never a rejection. */
  abstract execute(
    organizationId: OrganizationId,
    actor: Actor,
    command: ConfigurationCommand,
  ): Promise<CommandOutcome>;
}

/** Answers what an organization is configured to be, as committed at some position. */
export abstract class Configurations {
  /** As of now or a moment ago; the position says which. Not for deciding: that happens under the lock. */
  abstract read(
    organizationId: OrganizationId,
  ): Promise<{ readonly state: EnforcementState; readonly position: number }>;
}
