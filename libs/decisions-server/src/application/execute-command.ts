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
import type { PipelinedTransaction, Pools } from '@countersign/postgres';
import { settled } from '@countersign/postgres';
import { readConfiguration } from '../adapters/configuration-rows.ts';
import { configurationTables } from '../adapters/configuration-tables.ts';
import { writeTouched } from '../adapters/enforcement-table.ts';
import { moneyTables } from '../adapters/money-tables.ts';
import { streamOfEvent } from './command-stream.ts';
import { Journal } from './journal.ts';
import { OpenBudgets, ReadAheadOutrun, type BudgetsToOpen } from './open-budgets.ts';

/** Gives the event that an organization's ledger opens with: its first signing key. */
export type OpeningEvent = (organizationId: OrganizationId) => Promise<AnyEvent>;

/** Carries out commands under the head lock, on connections of their own: whatever agents do, people get through. */
export class ExecuteCommand extends Commands {
  readonly #openBudgets;

  constructor(
    private readonly pools: Pick<Pools, 'commands' | 'reads'>,
    private readonly transactions: HeadTransactions,
    private readonly openingEvent: OpeningEvent | null,
  ) {
    super();
    this.#openBudgets = new OpenBudgets(pools.reads);
  }

  override async execute(
    organizationId: OrganizationId,
    actor: Actor,
    command: ConfigurationCommand,
  ): Promise<CommandOutcome> {
    if (command.type === 'PublishPolicy' || command.type === 'AttachPolicy')
      return this.#runReadAhead(organizationId, actor, command);
    if (command.type !== 'CreateOrganization') return this.#run(organizationId, new CommandWork(actor, command));

    // Keeping a key takes time, so it is made before the lock is taken.
    const opening = await this.openingEvent?.(organizationId);
    await this.transactions.open(this.pools.commands, organizationId);
    const first = opening ? [opening] : [];
    return this.#run(organizationId, new CommandWork(actor, command, first)).catch(nameTaken);
  }

  /**
   * Reading a long policy, and what its budgets have already spent, takes longer than anybody should hold the lock: under
   * it the text is known, and only the latest events are left to read. Starting over means that somebody else got through.
   */
  async #runReadAhead(
    organizationId: OrganizationId,
    actor: Actor,
    command: ConfigurationCommand,
  ): Promise<CommandOutcome> {
    for (;;) {
      const budgets = await this.#openBudgets.readAhead(organizationId, command);
      try {
        return await this.#run(organizationId, new CommandWork(actor, command, [], budgets));
      } catch (error) {
        if (!(error instanceof ReadAheadOutrun)) throw error;
      }
    }
  }

  #run(organizationId: OrganizationId, work: CommandWork): Promise<CommandOutcome> {
    return this.transactions.run(this.pools.commands, organizationId, work);
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
    private readonly first: readonly AnyEvent[] = [],
    /** Recorded after it. */
    private readonly budgets: BudgetsToOpen | null = null,
  ) {}

  load(): [] {
    return [];
  }

  /** The configuration is read after the lock, always: a right that was just revoked must not count. */
  async decide(head: LockedHead, _loaded: [], transaction: PipelinedTransaction): Promise<Additions<CommandOutcome>> {
    const state = await readConfiguration(transaction, head.organizationId);
    const decision = decideConfiguration(this.command, state, head.now);
    if (decision.outcome === 'rejected') return nothing({ outcome: 'rejected', rejection: decision.rejection });
    const opened = (await this.budgets?.events(head, state, transaction)) ?? [];
    return this.#record(head, state, [...this.first, ...decision.events, ...opened], transaction);
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
      const isCommanded = event.type !== 'BudgetOpened' && !this.first.includes(event);
      journal.record(event, { stream, streamVersion, actor: isCommanded ? this.actor : system });
    }
    const recorded = events.map(({ type, data }, index) => ({ type, data, position: head.size + index }));
    return {
      events: journal.events,
      configurationIndex: lastConfigurationIndex(events),
      requestKeys: [],
      write: (writing) =>
        [...configurationTables, ...moneyTables].flatMap((table) =>
          writeTouched(writing, organizationId, table, state),
        ),
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
async function nextVersions(
  { sql, send }: PipelinedTransaction,
  organizationId: OrganizationId,
  events: readonly AnyEvent[],
) {
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
