import { bundledPriceBook, counterKey } from '@countersign/budgets';
import {
  decideCorrection,
  partialEnforcement,
  HoldCorrections,
  historyOf,
  type CorrectionOutcome,
  type CorrectionRejection,
  type DecisionEvent,
  type HoldCorrection,
} from '@countersign/decisions';
import { rejected, type Actor, type Decided, type OrganizationId } from '@countersign/kernel';
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
import { expireIfDue } from './expire-if-due.ts';
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
    const { decisionId } = this.correction;
    const stream = streamOf(decisionId);
    const rows = (await transaction.send(selectStreams(transaction.sql, organizationId, [stream]))).map(toRecorded);
    const facts = rows.flatMap(factOf);
    const money = partialEnforcement();
    await loadMoney(transaction, organizationId, money, { counters: [], rates: [], holds: [decisionId] });
    const counters = [...historyOf(facts).entries, ...(money.holds.get(decisionId)?.entries ?? [])].map(counterKey);
    await loadMoney(transaction, organizationId, money, { counters, rates: [], holds: [] });

    const journal = new Journal(money, now);
    const due = expireIfDue(decisionId, { head: { now }, journal, money });
    if (due) facts.push({ event: due, position: size, recordedAt: now });
    // What was erased is no fact any more: the next correction would begin from what stood before it.
    const decision: Decided<DecisionEvent, CorrectionRejection> = rows.some(({ content }) => content === null)
      ? rejected({ code: 'holds.erased', decisionId })
      : decideCorrection(this.correction, facts, { rules: [], book, at: now });
    const events = decision.outcome === 'accepted' ? decision.events : [];
    const before = journal.events.length;
    events.forEach((event, index) =>
      journal.record(event, { stream, streamVersion: rows.length + before + 1 + index, actor: this.actor }),
    );
    const recorded = events.map(({ type, data }, index) => ({ type, data, position: size + before + index }));
    return {
      events: journal.events,
      configurationIndex: -1,
      requestKeys: [],
      write: (writing) => keyedTables.flatMap((table) => writeTouched(writing, organizationId, table, money)),
      result: () => (decision.outcome === 'accepted' ? { outcome: 'accepted', events: recorded } : decision),
    };
  }
}
