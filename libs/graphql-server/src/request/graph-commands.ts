import { Configurations } from '@countersign/decisions';
import { readWire } from '@countersign/http';
import { callerOf } from '@countersign/identity/people';
import { toIso, type Instant, type OrganizationId } from '@countersign/kernel';
import { Configurator, problemOfRejection, WireConfigurationCommand, type CommandAnswer } from '@countersign/surface';
import { Injectable } from '@nestjs/common';
import { CommandDone } from '../resolvers/commands.types.ts';
import { refusal, type Refusal } from '../schema/refusal.ts';
import type { GraphContext } from './graph-context.ts';

/** A command as a mutation's arguments say it: fields of value null count as left out. */
export type CommandInput = { readonly type: WireConfigurationCommand['type'] } & Readonly<Record<string, unknown>>;

/** Carries out what members command: read as every other body, judged under the lock as what the caller is by then. */
@Injectable()
export class GraphCommands {
  constructor(
    private readonly configurations: Configurations,
    private readonly configurator: Configurator,
  ) {}

  /** @throws {ProblemAnswer} 400 naming each field that cannot be read. */
  async run(
    organizationId: OrganizationId,
    input: CommandInput,
    { signedIn }: GraphContext,
  ): Promise<CommandDone | Refusal> {
    const wire = readWire(WireConfigurationCommand, withoutNulls(input));
    const { state } = await this.configurations.read(organizationId);
    const caller = signedIn && callerOf(signedIn, state);
    // Whoever was a member when the request came in, and is none any more.
    if (!caller) return refusalOf({ code: 'identity.forbidden', right: 'teams:read' });
    const result = await this.configurator.run({ organizationId, caller, wire });
    return result.outcome === 'rejected' ? refusalOf(result.rejection) : doneOf(result.events[0] as CommandAnswer);
  }
}

function refusalOf(rejection: Parameters<typeof problemOfRejection>[0]): Refusal {
  const { code, detail } = problemOfRejection(rejection);
  return refusal(code, detail);
}

/** What a command came to, as the schema tells it. */
export const doneOf = ({ position, events, key, secret, waiting, warnings }: CommandAnswer): CommandDone =>
  Object.assign(new CommandDone(), {
    position,
    id: madeBy(events),
    key: key ?? null,
    publicationId: waiting?.publicationId ?? null,
    secret: secret ?? null,
    warnings,
  });

const MADE = ['teamId', 'invitationId', 'stopId', 'agentId', 'keyId', 'endpointId'] as const;
const MAKERS: readonly string[] = [
  ...['TeamCreated', 'MemberInvited', 'StopPlaced', 'AgentRegistered', 'AgentKeyIssued'],
  'EndpointAdded',
];

function madeBy(events: CommandAnswer['events']): string | null {
  const made = events.findLast(({ type }) => MAKERS.includes(type));
  if (!made) return null;
  const data = made.data as Readonly<Record<string, string>>;
  // A key's event names its agent as well.
  return made.type === 'AgentKeyIssued'
    ? (data['keyId'] ?? null)
    : (MADE.map((name) => data[name]).find(Boolean) ?? null);
}

/** As on the wire of every surface, where times are text. */
export const wireTime = (time: Instant | null | undefined): string | null =>
  time === null || time === undefined ? null : toIso(time);

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null && each !== undefined)
      .map(([name, each]) => [name, withoutNulls(each)]),
  );
}
