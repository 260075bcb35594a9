import {
  Commands,
  decideConfiguration,
  isApprovalCommand,
  lastConfigurationIndex,
  type AnyEvent,
  type Command,
  type CommandOutcome,
  type ConfigurationCommand,
  type PartialEnforcement,
} from '@countersign/decisions';
import type { Caller } from '@countersign/identity';
import { system, type OrganizationId, type StopId } from '@countersign/kernel';
import type { Additions, HeadTransactions, HeadWork, LockedHead } from '@countersign/ledger-server';
import type { PipelinedTransaction, Pools } from '@countersign/postgres';
import { textArray } from '@countersign/postgres';
import { readConfiguration } from '../adapters/configuration-rows.ts';
import { configurationTables } from '../adapters/configuration-tables.ts';
import { loadRows, selectByKey, writeTouched } from '../adapters/enforcement-table.ts';
import { liftedStopTable } from '../adapters/people-tables.ts';
import { keyedTables } from '../adapters/keyed-tables.ts';
import { ApprovalWork } from './command-approval.ts';
import { streamOfEvent } from './command-stream.ts';
import { CompiledPolicies } from './configuration.ts';
import { recordLapses } from './grant-lapses.ts';
import { Journal } from './journal.ts';
import { OpenBudgets, ReadAheadOutrun, type BudgetsToOpen } from './open-budgets.ts';

/** Gives the event that an organization's ledger opens with: its first signing key. */
export type OpeningEvent = (organizationId: OrganizationId) => Promise<AnyEvent>;

/** Carries out commands under the head lock, on connections of their own: whatever agents do, people get through. */
export class ExecuteCommand extends Commands {
  readonly #openBudgets;
  readonly #compiled = new Map<OrganizationId, CompiledPolicies>();

  constructor(
    private readonly pools: Pick<Pools, 'commands' | 'reads'>,
    private readonly transactions: HeadTransactions,
    private readonly openingEvent: OpeningEvent | null,
  ) {
    super();
    this.#openBudgets = new OpenBudgets(pools.reads);
  }

  override async execute(organizationId: OrganizationId, caller: Caller, command: Command): Promise<CommandOutcome> {
    if (isApprovalCommand(command))
      return this.transactions.run(
        this.pools.commands,
        organizationId,
        new ApprovalWork(caller, command, this.#compiledOf(organizationId)),
      );
    if (mayOpenBudgets(command)) return this.#runReadAhead(organizationId, caller, command);
    const compiled = this.#compiledOf(organizationId);
    if (command.type !== 'CreateOrganization')
      return this.#run(organizationId, new CommandWork({ caller, command, compiled }));

    // Keeping a key takes time, so it is made before the lock is taken.
    const opening = await this.openingEvent?.(organizationId);
    await this.transactions.open(this.pools.commands, organizationId);
    const first = opening ? [opening] : [];
    return this.#run(organizationId, new CommandWork({ caller, command, compiled, first })).catch(nameTaken);
  }

  /**
   * Reading a long policy, and what its budgets have already spent, takes longer than anybody should hold the lock: under
   * it the text is known, and only the latest events are left to read. Starting over means that somebody else got through.
   */
  async #runReadAhead(
    organizationId: OrganizationId,
    caller: Caller,
    command: ConfigurationCommand,
  ): Promise<CommandOutcome> {
    const compiled = this.#compiledOf(organizationId);
    for (;;) {
      const budgets = await this.#openBudgets.readAhead(organizationId, caller, command);
      try {
        return await this.#run(organizationId, new CommandWork({ caller, command, compiled, budgets }));
      } catch (error) {
        if (!(error instanceof ReadAheadOutrun)) throw error;
      }
    }
  }

  /** Kept, because a text takes longer to compile than anybody should hold the lock. */
  #compiledOf(organizationId: OrganizationId): CompiledPolicies {
    const compiled = this.#compiled.get(organizationId) ?? new CompiledPolicies();
    this.#compiled.set(organizationId, compiled);
    return compiled;
  }

  #run(organizationId: OrganizationId, work: CommandWork): Promise<CommandOutcome> {
    return this.transactions.run(this.pools.commands, organizationId, work);
  }
}

/** Whether budgets may begin to count what was done before: in a new team, an agent's own budgets do. */
const mayOpenBudgets = (command: ConfigurationCommand) =>
  command.type === 'PublishPolicy' ||
  command.type === 'AttachPolicy' ||
  command.type === 'ConfirmPublication' ||
  (command.type === 'ChangeAgent' && command.team !== undefined);

/** Two organizations of one name, made at the same moment: the database lets one through. */
function nameTaken(error: unknown): CommandOutcome {
  const { code, constraint_name: constraint } = error as { code?: string; constraint_name?: string };
  if (code !== '23505' || constraint !== 'organizations_name_key') throw error;
  return { outcome: 'rejected', rejection: { code: 'identity.organization_exists' } };
}

interface Commanded {
  readonly caller: Caller;
  readonly command: ConfigurationCommand;
  readonly compiled: CompiledPolicies;
  /** Recorded before what the command itself comes to. */
  readonly first?: readonly AnyEvent[];
  /** Recorded after it. */
  readonly budgets?: BudgetsToOpen;
}

class CommandWork implements HeadWork<[], CommandOutcome> {
  constructor(private readonly commanded: Commanded) {}

  load(): [] {
    return [];
  }

  /** The configuration is read after the lock, always: a right that was just revoked must not count. */
  async decide(head: LockedHead, _loaded: [], transaction: PipelinedTransaction): Promise<Additions<CommandOutcome>> {
    const { caller, command, first = [], budgets } = this.commanded;
    const state = await readConfiguration(transaction, head.organizationId);
    if (command.type === 'LiftStop') await loadLiftedStop(transaction, head, state, command.stopId);
    const decision = decideConfiguration(command, state, { caller, at: head.now });
    if (decision.outcome === 'rejected') return nothing({ outcome: 'rejected', rejection: decision.rejection });
    const opened = (await budgets?.events(head, state, transaction)) ?? [];
    return this.#record(head, state, [...first, ...decision.events, ...opened], transaction);
  }

  async #record(
    head: LockedHead,
    state: PartialEnforcement,
    events: readonly AnyEvent[],
    transaction: PipelinedTransaction,
  ): Promise<Additions<CommandOutcome>> {
    const { organizationId } = head;
    const { caller, first = [], compiled } = this.commanded;
    const versions = await nextVersions(transaction, organizationId, events);
    const journal = new Journal(state, head.now);
    for (const event of events) {
      const stream = streamOfEvent(organizationId, event);
      const streamVersion = versions.get(stream) ?? 1;
      versions.set(stream, streamVersion + 1);
      const isCommanded = !isOfBudgets(event) && !first.includes(event);
      journal.record(event, { stream, streamVersion, actor: isCommanded ? caller.actor : system });
    }
    const changes = lastConfigurationIndex(events) >= 0;
    const lapsed = changes ? await recordLapses({ head, state, journal, transaction, compiled }) : [];
    const recorded = [...events, ...lapsed]
      .map(({ type, data }, index) => ({ type, data, position: head.size + index }))
      .filter(({ type }) => type !== 'HoldWidened');
    return {
      events: journal.events,
      configurationIndex: lastConfigurationIndex(events),
      requestKeys: [],
      write: (writing) =>
        [...configurationTables, ...keyedTables].flatMap((table) =>
          writeTouched(writing, organizationId, table, state),
        ),
      result: () => ({ outcome: 'accepted', events: recorded, at: head.now }),
    };
  }
}

/** Lifting twice is lifting once, so whoever lifts has to know what was lifted before. */
async function loadLiftedStop(
  { sql, send }: PipelinedTransaction,
  { organizationId }: LockedHead,
  state: PartialEnforcement,
  stopId: StopId,
): Promise<void> {
  loadRows(liftedStopTable, state, await send(selectByKey(sql, organizationId, liftedStopTable, [stopId])));
  state.liftedStops.know([stopId]);
}

const nothing = (outcome: CommandOutcome): Additions<CommandOutcome> => ({
  events: [],
  configurationIndex: -1,
  requestKeys: [],
  write: () => [],
  result: () => outcome,
});

/** What follows from a command for budgets that begin to count. */
const isOfBudgets = ({ type }: AnyEvent) => type === 'BudgetOpened' || type === 'HoldWidened';

/** The next version of each stream that is about to be appended to. */
async function nextVersions(
  { sql, send }: PipelinedTransaction,
  organizationId: OrganizationId,
  events: readonly AnyEvent[],
) {
  const streams = [...new Set(events.map((event) => streamOfEvent(organizationId, event)))];
  // One look into the index for each: a list of thousands in a condition is planned as if it were few.
  const versions = await send(sql<{ stream: string; next: number }[]>`
    select named.stream, coalesce(latest.version, 0) + 1 as next
      from unnest(${textArray(streams)}::text::text[]) as named (stream)
      cross join lateral (
        select max(stream_version) as version from ledger.events
         where organization_id = ${organizationId}::text::uuid and stream = named.stream) as latest`);
  return new Map(versions.map(({ stream, next }) => [stream, next]));
}
