import { counterKey, type Calendar, type CounterKey } from '@countersign/budgets';
import {
  decideConfiguration,
  openedBy,
  openingsOf,
  openingsStart,
  PastActions,
  portioned,
  runningIn,
  widenedBy,
  type BudgetOpened,
  type BudgetOpening,
  type ConfigurationCommand,
  type HoldWidened,
  type PartialEnforcement,
} from '@countersign/decisions';
import type { Caller } from '@countersign/identity';
import type { OrganizationId } from '@countersign/kernel';
import type { LockedHead } from '@countersign/ledger-server';
import { inTenant, type PipelinedTransaction, type Sql } from '@countersign/postgres';
import { streamOf } from '../adapters/histories.ts';
import { loadMoney } from '../adapters/money-rows.ts';
import { findPosition, readHead } from '../adapters/past-rows.ts';
import { eventOf, selectPast, selectPastOf, type PastRow, type PositionRange } from '../adapters/past-rows.ts';
import { ReadConfiguration } from './read-configuration.ts';

/** Read at once, so that parsing a page delays nobody who decides in this process by more than some milliseconds. */
const PAGE_EVENTS = 500;

/** Streams of extended decisions read at once. */
const STREAMS_MAX = 200;

/** What may be left to read when the lock is asked for: about 30 ms of reading. */
const TAIL_EVENTS = 2_000;

/** What may have come up until the lock is had; more would hold up everybody in the organization for too long. */
const LOCKED_EVENTS_MAX = 10_000;

/** The configuration, or more of the ledger than may be read under the lock, changed since it was read ahead. */
export class ReadAheadOutrun extends Error {
  override readonly name = 'ReadAheadOutrun';
}

interface PastSource {
  page(range: PositionRange): PromiseLike<readonly PastRow[]>;
  streams(streams: readonly string[], to: number): PromiseLike<readonly PastRow[]>;
}

/** Finds what budgets that begin in mid-window have already spent: nearly all of it before the lock is taken. */
export class OpenBudgets {
  readonly #configurations;

  constructor(private readonly reads: Sql) {
    this.#configurations = new ReadConfiguration(reads);
  }

  /**
   * Reads the past that the budgets need which the command would add, by the configuration as it is now. Each page is a
   * transaction of its own; it returns when only a short tail is left.
   */
  async readAhead(
    organizationId: OrganizationId,
    caller: Caller,
    command: ConfigurationCommand,
  ): Promise<BudgetsToOpen> {
    const { state, epoch, calendar } = await this.#configurations.configuration(organizationId);
    const { size, at } = await inTenant(this.reads, organizationId, (sql) => readHead(sql, organizationId));
    const decision = decideConfiguration(command, state, { caller, at });
    const openings = decision.outcome === 'accepted' ? openingsOf(state, decision.events) : [];
    if (openings.length === 0) return new BudgetsToOpen(organizationId, { epoch, calendar, openings, from: size });

    // The lock will be had later than the last event was recorded, and windows only move on.
    const start = openingsStart(openings, calendar, at);
    const from = await inTenant(this.reads, organizationId, (sql) => findPosition(sql, organizationId, start, size));
    const ahead = new BudgetsToOpen(organizationId, { epoch, calendar, openings, from });
    await this.#readUp(organizationId, ahead, size);
    return ahead;
  }

  async #readUp(organizationId: OrganizationId, ahead: BudgetsToOpen, size: number): Promise<void> {
    const inOwn = <Rows>(work: Parameters<typeof inTenant<Rows>>[2]) => inTenant(this.reads, organizationId, work);
    const source: PastSource = {
      page: (range) => inOwn((sql) => selectPast(sql, organizationId, range)),
      streams: (streams, to) => inOwn((sql) => selectPastOf(sql, organizationId, streams, to)),
    };
    for (let to = size; to - ahead.next >= TAIL_EVENTS; to = (await inOwn((sql) => readHead(sql, organizationId))).size)
      await ahead.readTo(to, source);
  }
}

interface Plan {
  readonly epoch: number;
  readonly calendar: Calendar;
  readonly openings: readonly BudgetOpening[];
  /** The first position whose action can count. */
  readonly from: number;
}

/** The budgets that one command adds, with the past read so far. Of use to one transaction, once. */
export class BudgetsToOpen {
  readonly #past;
  #next: number;

  constructor(
    private readonly organizationId: OrganizationId,
    private readonly plan: Plan,
  ) {
    this.#past = new PastActions(organizationId, plan.openings);
    this.#next = plan.from;
  }

  /** The first position that was not read. */
  get next(): number {
    return this.#next;
  }

  async readTo(to: number, { page, streams }: PastSource): Promise<void> {
    for (; this.#next < to; this.#next = Math.min(this.#next + PAGE_EVENTS, to))
      this.#add(await page({ from: this.#next, to: Math.min(this.#next + PAGE_EVENTS, to) }));

    const strays = this.#past.takeStrays().map(streamOf);
    for (let index = 0; index < strays.length; index += STREAMS_MAX)
      this.#add(await streams(strays.slice(index, index + STREAMS_MAX), to));
  }

  /**
   * Under the lock: reads what was appended since, and gives the events to append after the command's own. They add to
   * the counters that have a row, because what was held in them is still held, and to the holds of what runs; the rows are
   * loaded into the state.
   *
   * @throws {ReadAheadOutrun} when reading ahead has to start over; nothing was changed.
   */
  async events(
    head: LockedHead,
    state: PartialEnforcement,
    transaction: PipelinedTransaction,
  ): Promise<readonly (BudgetOpened | HoldWidened)[]> {
    const { epoch, openings, calendar } = this.plan;
    if (head.epoch !== epoch || head.size - this.#next > LOCKED_EVENTS_MAX)
      throw new ReadAheadOutrun('read ahead again');
    if (openings.length === 0) return [];

    const { sql, send } = transaction;
    await this.readTo(head.size, {
      page: (range) => send(selectPast(sql, this.organizationId, range)),
      streams: (streams, to) => send(selectPastOf(sql, this.organizationId, streams, to)),
    });
    const widened = await this.#widened(head, state, transaction);
    const opened = openedBy(openings, this.#past, calendar, head.now);
    const added = opened.flatMap(({ data }) => data.counters.map((counter) => keyOf(data, counter)));
    const held = widened.flatMap(({ data }) => data.entries.map(counterKey));
    await loadMoney(transaction, this.organizationId, state, { counters: [...added, ...held], rates: [], holds: [] });
    return [...opened.flatMap(portioned), ...widened];
  }

  /** Before what has been spent is added up, because what is held is not. */
  async #widened({ now }: LockedHead, state: PartialEnforcement, transaction: PipelinedTransaction) {
    const { openings, calendar } = this.plan;
    const running = runningIn(this.#past, now);
    const holds = running.map(({ decisionId }) => decisionId);
    await loadMoney(transaction, this.organizationId, state, { counters: [], rates: [], holds });
    return widenedBy(openings, this.#past, { running, holds: state.holds, calendar, now });
  }

  #add(rows: readonly PastRow[]): void {
    for (const row of rows) this.#past.add(...eventOf(row));
  }
}

function keyOf(
  { policy, budget, scope, unit, window }: BudgetOpened['data'],
  counter: BudgetOpened['data']['counters'][number],
): CounterKey {
  const { instance, windowStart } = counter;
  return counterKey({ policy, budget, scope, unit, window, instance, windowStart });
}
