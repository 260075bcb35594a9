import { counterKey, type CounterKey } from '@countersign/budgets';
import { keysOf, type DecisionHistory, type PartialEnforcement } from '@countersign/decisions';
import type { DecisionId } from '@countersign/kernel';
import type { Additions, HeadWork, LockedHead } from '@countersign/ledger-server';
import { plainArray, type PipelinedTransaction } from '@countersign/postgres';
import { writeTouched } from '../adapters/enforcement-table.ts';
import { historiesOf, selectStreams, streamOf } from '../adapters/histories.ts';
import { loadMoney } from '../adapters/money-rows.ts';
import { moneyTables } from '../adapters/money-tables.ts';
import { caseOf, isRefused, type Case, type RefusedCase } from './case.ts';
import type { Configuration } from './configuration.ts';
import { decideRequest } from './decide-request.ts';
import { extensionKeys } from './extension-case.ts';
import { Journal } from './journal.ts';
import type { OrganizationCache } from './organization-cache.ts';
import type { Answer, Pending } from './pending.ts';

interface KnownRequest {
  readonly key: string;
  readonly position: bigint;
}

/** What one request comes to; told to its caller only after the commit. */
export type Verdicted = { readonly pending: Pending; readonly answer: () => Answer } | RefusedCase;

/** What deciding one request may look at and add to. */
export interface BatchFacts {
  readonly head: LockedHead;
  readonly configuration: Configuration;
  readonly money: PartialEnforcement;
  readonly histories: ReadonlyMap<string, DecisionHistory>;
  /** Positions of requests decided before, by request key; grows with the batch. */
  readonly decidedRequests: Map<string, number>;
  /** Requests that this batch decides, by index of their event. */
  readonly newRequests: { readonly key: string; readonly index: number }[];
  readonly journal: Journal;
}

/**
 * Decides requests that arrived together, one after another against the evolving state, in one transaction.
 *
 * Nobody is answered before the commit is known (I1), and only then do the rows in memory count as known again.
 */
export class Batch implements HeadWork<[readonly KnownRequest[]], readonly Verdicted[]> {
  constructor(
    private readonly pending: readonly Pending[],
    private readonly cache: OrganizationCache,
  ) {}

  load({ sql, send }: PipelinedTransaction): [Promise<readonly KnownRequest[]>] {
    const keys = this.pending.flatMap(({ request }) => (request.kind === 'action' ? [request.requestKey] : []));
    const organizationId = this.pending[0]?.caller.organizationId;
    if (keys.length === 0 || organizationId === undefined) return [Promise.resolve([])];
    return [
      send(sql<KnownRequest[]>`
        select key, position from ledger.request_keys
         where organization_id = ${organizationId}::text::uuid and key = any (${plainArray(keys)}::text::uuid[])`),
    ];
  }

  async decide(
    head: LockedHead,
    [known]: [readonly KnownRequest[]],
    transaction: PipelinedTransaction,
  ): Promise<Additions<readonly Verdicted[]>> {
    const configuration = await this.cache.configurationAt(head, transaction);
    const money = this.cache.takeMoney(head);
    const cases = this.pending.map((pending) => caseOf(pending, configuration, head));
    await this.#loadRows(transaction, head, money, rowsOf(cases, configuration, head));
    const histories = await this.#loadHistories(transaction, head, money);
    const extensions = cases.flatMap((each) => extensionKeys(each, { histories, configuration, head }));
    // A late report corrects counters of a hold that is gone.
    const corrected = [...histories.values()].flatMap(({ entries }) => entries.map(counterKey));
    await loadMoney(transaction, head.organizationId, money, {
      counters: [...extensions, ...corrected],
      rates: [],
      holds: [],
    });
    const facts: BatchFacts = {
      head,
      configuration,
      money,
      histories,
      decidedRequests: new Map(known.map(({ key, position }) => [key, Number(position)])),
      newRequests: [],
      journal: new Journal(money, head.now),
    };
    return this.#additions(
      facts,
      cases.map((each) => verdictedOf(each, facts)),
    );
  }

  #additions(
    { head, money, journal, newRequests }: BatchFacts,
    verdicts: readonly Verdicted[],
  ): Additions<readonly Verdicted[]> {
    return {
      events: journal.events,
      requestKeys: newRequests,
      configurationIndex: -1,
      write: (transaction) =>
        moneyTables.flatMap((table) => writeTouched(transaction, head.organizationId, table, money)),
      result: () => {
        this.cache.keep(money, head.size + journal.events.length);
        return verdicts;
      },
    };
  }

  async #loadRows(
    transaction: PipelinedTransaction,
    head: LockedHead,
    money: PartialEnforcement,
    rows: Rows,
  ): Promise<void> {
    const decisionIds = this.#decisionIds();
    await loadMoney(transaction, head.organizationId, money, { ...rows, holds: decisionIds });
    // Whatever ends or extends a hold moves its own counters, whichever windows they belong to.
    const entries = decisionIds.flatMap((decisionId) => money.holds.get(decisionId)?.entries ?? []);
    await loadMoney(transaction, head.organizationId, money, {
      counters: entries.map(counterKey),
      rates: [],
      holds: [],
    });
  }

  /** The ledger is read only where no open hold says it all: for reports come late or twice, and for extensions. */
  async #loadHistories(transaction: PipelinedTransaction, head: LockedHead, { holds }: PartialEnforcement) {
    const needed = this.pending.flatMap(({ request }) => {
      if (request.kind === 'action') return [];
      const hold = holds.get(request.decisionId);
      const isSettledByHold = request.kind === 'outcome' && hold !== undefined && hold.expiresAt > head.now;
      return isSettledByHold ? [] : [streamOf(request.decisionId)];
    });
    if (needed.length === 0) return new Map<string, DecisionHistory>();
    return historiesOf(
      await transaction.send(selectStreams(transaction.sql, head.organizationId, [...new Set(needed)])),
    );
  }

  #decisionIds(): readonly DecisionId[] {
    return this.pending.flatMap(({ request }) => (request.kind === 'action' ? [] : [request.decisionId]));
  }
}

interface Rows {
  readonly counters: readonly CounterKey[];
  readonly rates: readonly string[];
}

function rowsOf(cases: readonly (Case | RefusedCase)[], { calendar }: Configuration, { now }: LockedHead): Rows {
  const counters: CounterKey[] = [];
  const rates: string[] = [];
  for (const each of cases) {
    if (isRefused(each) || !each.judged) continue;
    const keys = keysOf(each.judged, each.asker, each.judged.action, { calendar, now });
    counters.push(...keys.counters);
    rates.push(...keys.rates);
  }
  return { counters, rates };
}

/** A request that cannot be decided is refused by itself; the others of its batch are decided all the same. */
function verdictedOf(each: Case | RefusedCase, facts: BatchFacts): Verdicted {
  if (isRefused(each)) return each;
  try {
    return { pending: each.pending, answer: decideRequest(each, facts) };
  } catch (error) {
    return { pending: each.pending, error };
  }
}
