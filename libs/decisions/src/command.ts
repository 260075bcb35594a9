import { AgentCommand, agentDemand, decideAgent, findAgent, type AgentRejection } from '@countersign/agents';
import { ApprovalCommand, type ApprovalRejection } from '@countersign/approvals';
import { ChannelCommand, decideChannel, type ChannelRejection } from '@countersign/channels';
import {
  decideMember,
  decideOrganization,
  MemberCommand,
  OrganizationCommand,
  organizationDemand,
  refusalOf,
  standingOf,
  type Caller,
  type Demand,
  type ForbiddenRejection,
  type MemberRejection,
  type OrganizationRejection,
} from '@countersign/identity';
import type { Decided, Instant, OrganizationId } from '@countersign/kernel';
import { decidePolicy, PolicyCommand, policyDemand, type PolicyRejection } from '@countersign/policy';
import { decideStop, StopCommand, type StopRejection } from '@countersign/stops';
import type { AnyEvent } from './catalog.ts';
import type { EnforcementState } from './enforcement-state.ts';

/** What people, themselves or through a program, tell an organization to do. */
export type ConfigurationCommand =
  OrganizationCommand | MemberCommand | StopCommand | AgentCommand | ChannelCommand | PolicyCommand;
export type ConfigurationRejection =
  | OrganizationRejection
  | MemberRejection
  | StopRejection
  | AgentRejection
  | ChannelRejection
  | PolicyRejection
  | ForbiddenRejection;

/** Everything that people tell an organization to do. */
export type Command = ConfigurationCommand | ApprovalCommand;
export type CommandRejection = ConfigurationRejection | ApprovalRejection;

export const isApprovalCommand = (command: Command): command is ApprovalCommand =>
  isOf<ApprovalCommand>(ApprovalCommand, command);

export type ConfigurationDecision = Decided<AnyEvent, ConfigurationRejection>;

const isOf = <Command>(
  schema: { options: readonly { shape: { type: { value: string } } }[] },
  command: { type: string },
): command is { type: string } & Command => schema.options.some(({ shape }) => shape.type.value === command.type);

/** What a command is judged by besides the rows under the lock. */
export interface CommandFacts {
  readonly caller: Caller;
  readonly at: Instant;
}

/**
 * Judges one command against the configuration as it is under the lock, the caller's own rights included: a right that
 * was lost a moment ago decides nothing.
 */
export function decideConfiguration(
  command: ConfigurationCommand,
  state: EnforcementState,
  facts: CommandFacts,
): ConfigurationDecision {
  const { caller, at } = facts;
  if (isOf<MemberCommand>(MemberCommand, command)) return decideMember(command, state, caller, at);
  if (isOf<ChannelCommand>(ChannelCommand, command)) return decideChannel(command, state, caller, at);
  if (isOf<StopCommand>(StopCommand, command))
    return decideStop(command, state, { caller, findAgent: (reference) => findAgent(state, reference) }, at);

  return decideRightful(command as RightfulCommand, state, facts);
}

type RightfulCommand = OrganizationCommand | AgentCommand | PolicyCommand;

/** Commands whose deciders do not judge who gives them. The operator, whom rights do not bind, is told what is not there. */
function decideRightful(
  command: RightfulCommand,
  state: EnforcementState,
  { caller, at }: CommandFacts,
): ConfigurationDecision {
  const standing = standingOf(caller, state);
  const refusal = standing.kind === 'operator' ? null : refusalOf(standing, demandOf(command, state));
  if (refusal) return { outcome: 'rejected', rejection: refusal };
  if (isOf<OrganizationCommand>(OrganizationCommand, command)) return decideOrganization(command, state, at);
  if (isOf<AgentCommand>(AgentCommand, command)) return decideAgent(command, state, { at, by: caller.actor });
  return decidePolicy(command as PolicyCommand, state, { at, by: caller.actor });
}

function demandOf(command: RightfulCommand, state: EnforcementState): Demand {
  if (isOf<OrganizationCommand>(OrganizationCommand, command)) return organizationDemand(command, state);
  if (isOf<AgentCommand>(AgentCommand, command)) return agentDemand(command, state);
  return policyDemand(command as PolicyCommand, state);
}

/** An event as it was recorded, for whoever commanded it. */
export interface CommandedEvent {
  readonly type: string;
  readonly position: number;
  readonly data: unknown;
}

export type CommandOutcome =
  | { readonly outcome: 'accepted'; readonly events: readonly CommandedEvent[]; readonly at: Instant }
  | { readonly outcome: 'rejected'; readonly rejection: CommandRejection };

/**
 * Carries out commands: the same way in as decisions, one at a time per organization, under its head lock.
 * What it answers is committed. An accepted command without events had already taken effect.
 */
export abstract class Commands {
  /** @throws the faults of the ledger (clock unsure, commit unknown, database away); never a rejection. */
  abstract execute(organizationId: OrganizationId, caller: Caller, command: Command): Promise<CommandOutcome>;
}

/** Answers what an organization is configured to be, as committed at some position. */
export abstract class Configurations {
  /** As of now or a moment ago; the position says which. Not for deciding: that happens under the lock. */
  abstract read(
    organizationId: OrganizationId,
  ): Promise<{ readonly state: EnforcementState; readonly position: number }>;
}
