import { bundledPriceBook, type CounterKey, counterKey } from '@countersign/budgets';
import {
  decideCorrection,
  partialEnforcement,
  HoldCorrections,
  historyOf,
  type CorrectionOutcome,
  type HoldCorrection,
} from '@countersign/decisions';
import type { Actor, OrganizationId } from '@countersign/kernel';
import {
  toRecorded,
  type Additions,
  type HeadTransactions,
  type HeadWork,
  type LockedHead,
} from '@countersign/ledger-server';
import type { PipelinedTransaction, Sql } from '@countersign/postgres';
import { writeTouched } from '../adapters/enforcement-table.ts';
import { factOf, selectStreams, streamOf } from '../adapters/histories.ts';
import { loadMoney } from '../adapters/money-rows.ts';
import { keyedTables } from '../adapters/keyed-tables.ts';
import { Journal } from './journal.ts';

/** Prices that ship with this version: a person's correction states tokens or dollars, and no agent's policies apply. */
const book = bundledPriceBook();

/** Restates an ended hold under the head lock, like everything else that moves money. */
export class CorrectHold extends HoldCorrections {
  constructor(
    private readonly sql: Sql,
    private readonly transactions: HeadTransactions,
  ) {
    super();
  }

  override correct(
    organizationId: OrganizationId,
    actor: Actor,
    correction: HoldCorrection,
  ): Promise<CorrectionOutcome> {
    return this.transactions.run(this.sql, organizationId, new CorrectionWork(actor, correction));
  }
}

class CorrectionWork implements HeadWork<[], CorrectionOutcome> {
  constructor(
    private readonly actor: Actor,
    private readonly correction: HoldCorrection,
  ) {}

  load(): [] {
    return [];
  }

  async decide(
    { organizationId, now, size }: LockedHead,
    _: [],
    transaction: PipelinedTransaction,
  ): Promise<Additions<CorrectionOutcome>> {
    const stream = streamOf(this.correction.decisionId);
    const rows = await transaction.send(selectStreams(transaction.sql, organizationId, [stream]));
    const facts = rows.map(toRecorded).flatMap(factOf);
    const decision = decideCorrection(this.correction, facts, { rules: [], book, at: now });
    const events = decision.outcome === 'accepted' ? decision.events : [];

    const money = partialEnforcement();
    const counters: CounterKey[] = historyOf(facts).entries.map(counterKey);
    await loadMoney(transaction, organizationId, money, { counters, rates: [], holds: [] });
    const journal = new Journal(money, now);
    events.forEach((event, index) =>
      journal.record(event, { stream, streamVersion: rows.length + 1 + index, actor: this.actor }),
    );
    const recorded = events.map(({ type, data }, index) => ({ type, data, position: size + index }));
    return {
      events: journal.events,
      configurationIndex: -1,
      requestKeys: [],
      write: (writing) => keyedTables.flatMap((table) => writeTouched(writing, organizationId, table, money)),
      result: () => (decision.outcome === 'accepted' ? { outcome: 'accepted', events: recorded } : decision),
    };
  }
}
