import {
  Commands,
  decideConfiguration,
  lastConfigurationIndex,
  type AnyEvent,
  type CommandOutcome,
  type ConfigurationCommand,
  type EnforcementState,
} from '@countersign/decisions';
import { system, type Actor, type OrganizationId } from '@countersign/kernel';
import type { Additions, HeadTransactions, HeadWork, LockedHead } from '@countersign/ledger-server';
import { compileText } from '@countersign/policy';
import type { PipelinedTransaction, Sql } from '@countersign/postgres';
import { settled } from '@countersign/postgres';
import { readConfiguration } from '../adapters/configuration-rows.ts';
import { configurationTables } from '../adapters/configuration-tables.ts';
import { writeTouched } from '../adapters/enforcement-table.ts';
import { moneyTables } from '../adapters/money-tables.ts';
import { streamOfEvent } from './command-stream.ts';
import { Journal } from './journal.ts';

/** Gives the event that an organization's ledger opens with: its first signing key. */
export type OpeningEvent = (organizationId: OrganizationId) => Promise<AnyEvent>;

/** Carries out commands under the head lock, on connections of their own: whatever agents do, people get through. */
export class ExecuteCommand extends Commands {
  constructor(
    private readonly sql: Sql,
    private readonly transactions: HeadTransactions,
    private readonly openingEvent: OpeningEvent | null,
  ) {
    super();
  }

  override async execute(organizationId: OrganizationId, actor: Actor, command: ConfigurationCommand): Promise<CommandOutcome> {
    // Reading a long policy takes longer than anybody should hold the lock; under it the text is known already.
    if (command.type === 'PublishPolicy') compileText(command.document);
    if (command.type !== 'CreateOrganization') return this.#run(organizationId, actor, command, []);

    // Keeping a key takes time, so it is made before the lock is taken.
    const opening = await this.openingEvent?.(organizationId);
    await this.transactions.open(this.sql, organizationId);
    return this.#run(organizationId, actor, command, opening ? [opening] : []).catch(nameTaken);
  }

  #run(organizationId: OrganizationId, actor: Actor, command: ConfigurationCommand, first: readonly AnyEvent[]) {
    return this.transactions.run(this.sql, organizationId, new CommandWork(actor, command, first));
  }
}

/** Two organizations of one name, made at the same moment: the database lets one through. */
function nameTaken(error: unknown): CommandOutcome {
  const { code, constraint_name: constraint } = error as { code?: string; constraint_name?: string };
  if (code !== '23505' || constraint !== 'organizations_name_key') throw error;
  return { outcome: 'rejected', rejection: { code: 'identity.organization_exists' } };
}

class CommandWork implements HeadWork<[], CommandOutcome> {
  constructor(
    private readonly actor: Actor,
    private readonly command: ConfigurationCommand,
    /** Recorded before what the command itself comes to. */
    private readonly first: readonly AnyEvent[],
  ) {}

  load(): [] {
    return [];
  }

  /** The configuration is read after the lock, always: a right that was just revoked must not count. */
  async decide(head: LockedHead, _loaded: [], transaction: PipelinedTransaction): Promise<Additions<CommandOutcome>> {
    const state = await readConfiguration(transaction, head.organizationId);
    const decision = decideConfiguration(this.command, state, head.now);
    if (decision.outcome === 'rejected') return nothing({ outcome: 'rejected', rejection: decision.rejection });
    return this.#record(head, state, [...this.first, ...decision.events], transaction);
  }

  async #record(
    head: LockedHead,
    state: EnforcementState,
    events: readonly AnyEvent[],
    transaction: PipelinedTransaction,
  ): Promise<Additions<CommandOutcome>> {
    const { organizationId } = head;
    const versions = await nextVersions(transaction, organizationId, events);
    const journal = new Journal(state, head.now);
    for (const event of events) {
      const stream = streamOfEvent(organizationId, event);
      const streamVersion = versions.get(stream) ?? 1;
      versions.set(stream, streamVersion + 1);
      journal.record(event, { stream, streamVersion, actor: this.first.includes(event) ? system : this.actor });
    }
    const recorded = events.map(({ type, data }, index) => ({ type, data, position: head.size + index }));
    return {
      events: journal.events,
      configurationIndex: lastConfigurationIndex(events),
      requestKeys: [],
      write: (writing) =>
        [...configurationTables, ...moneyTables].flatMap((table) => writeTouched(writing, organizationId, table, state)),
      result: () => ({ outcome: 'accepted', events: recorded, at: head.now }),
    };
  }
}

const nothing = (outcome: CommandOutcome): Additions<CommandOutcome> => ({
  events: [],
  configurationIndex: -1,
  requestKeys: [],
  write: () => [],
  result: () => outcome,
});

/** The next version of each stream that is about to be appended to. */
async function nextVersions({ sql, send }: PipelinedTransaction, organizationId: OrganizationId, events: readonly AnyEvent[]) {
  const streams = [...new Set(events.map((event) => streamOfEvent(organizationId, event)))];
  const versions = await settled(
    streams.map((stream) =>
      send(sql<{ next: number }[]>`
        select coalesce(max(stream_version), 0) + 1 as next from ledger.events
         where organization_id = ${organizationId}::text::uuid and stream = ${stream}::text`),
    ),
  );
  return new Map(streams.map((stream, index) => [stream, versions[index]?.[0]?.next ?? 1]));
}
