import { counterKey, type CounterKey } from '@countersign/budgets';
import { type DecisionHistory, type PartialEnforcement } from '@countersign/decisions';
import type { AgentId, ApprovalId, DecisionId } from '@countersign/kernel';
import type { Additions, HeadWork, LockedHead } from '@countersign/ledger-server';
import { plainArray, type PipelinedTransaction } from '@countersign/postgres';
import { writeTouched } from '../adapters/enforcement-table.ts';
import { historiesOf, selectStreams, streamOf } from '../adapters/histories.ts';
import { loadMoney } from '../adapters/money-rows.ts';
import { keyedTables } from '../adapters/keyed-tables.ts';
import { caseOf, isRefused, type Case, type RefusedCase } from './case.ts';
import type { Configuration } from './configuration.ts';
import { decideRequest } from './decide-request.ts';
import { extensionKeys, ownHistory } from './extension-case.ts';
import { Journal } from './journal.ts';
import { OpenAsks } from './open-asks.ts';
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
  /** By stream; goes on with the batch. */
  readonly histories: Map<string, DecisionHistory>;
  /** What waits for people, where it is needed. */
  readonly asks: OpenAsks;
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
    /** See `HeadWork.sent`. */
    readonly sent: () => void = () => undefined,
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
    await this.#loadRows(transaction, head, money, rowsOf(cases));
    const histories = await this.#loadHistories(transaction, head, money);
    const extensions = cases.flatMap((each) => extensionKeys(each, { histories, configuration, head }));
    // A late report corrects counters of a hold that is gone.
    const corrected = [...histories.values()].flatMap(({ entries }) => entries.map(counterKey));
    await loadMoney(transaction, head.organizationId, money, {
      counters: [...extensions, ...corrected],
      rates: [],
      holds: [],
    });
    const journal = new Journal(money, head.now);
    const { organizationId, now } = head;
    const facts: BatchFacts = {
      head,
      configuration,
      money,
      histories,
      asks: new OpenAsks({ transaction, organizationId, configuration, state: money, journal, now }),
      decidedRequests: new Map(known.map(({ key, position }) => [key, Number(position)])),
      newRequests: [],
      journal,
    };
    await facts.asks.loadOpenOf(askingAgents(cases));
    await facts.asks.load(approvalsOf(cases, facts));
    return this.#additions(facts, await verdictsOf(cases, facts));
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
        keyedTables.flatMap((table) => writeTouched(transaction, head.organizationId, table, money)),
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
  async #loadHistories(
    transaction: PipelinedTransaction,
    head: LockedHead,
    { holds }: PartialEnforcement,
  ): Promise<Map<string, DecisionHistory>> {
    const needed = this.pending.flatMap(({ request }) => {
      if (request.kind === 'action') return [];
      const hold = holds.get(request.decisionId);
      const isSettledByHold = request.kind === 'outcome' && hold !== undefined && hold.expiresAt > head.now;
      return isSettledByHold ? [] : [streamOf(request.decisionId)];
    });
    if (needed.length === 0) return new Map<string, DecisionHistory>();
    const rows = await transaction.send(selectStreams(transaction.sql, head.organizationId, [...new Set(needed)]));
    return new Map(historiesOf(rows));
  }

  #decisionIds(): readonly DecisionId[] {
    return this.pending.flatMap(({ request }) => (request.kind === 'action' ? [] : [request.decisionId]));
  }
}

interface Rows {
  readonly counters: ReadonlySet<CounterKey>;
  readonly rates: ReadonlySet<string>;
}

function rowsOf(cases: readonly (Case | RefusedCase)[]): Rows {
  const counters = new Set<CounterKey>();
  const rates = new Set<string>();
  for (const each of cases) {
    if (isRefused(each) || !each.judged) continue;
    const { asked } = each.judged;
    for (const { key } of asked.demands.demands) counters.add(key);
    for (const { key } of asked.rates) rates.add(key);
  }
  return { counters, rates };
}

const NOBODY: readonly never[] = [];

/** The agents whose policies ask people about an action of this batch; a budget that asks is met on the way. */
function askingAgents(cases: readonly (Case | RefusedCase)[]): readonly AgentId[] {
  let agents: AgentId[] | null = null;
  for (const each of cases)
    if (!isRefused(each) && each.pending.request.kind === 'action' && each.judged?.judged.evaluation.verdict === 'ask')
      (agents ??= []).push(each.pending.caller.agentId);
  return agents ?? NOBODY;
}

/** What is about an ask, once people may have looked at it. */
const ABOUT_ASKS: ReadonlySet<string> = new Set(['take', 'cancel', 'answer']);

/** The approvals that requests about asks are about. */
function approvalsOf(cases: readonly (Case | RefusedCase)[], facts: BatchFacts): readonly ApprovalId[] {
  const about = cases.filter((each) => ABOUT_ASKS.has(each.pending.request.kind));
  return about.length === 0 ? NOBODY : about.flatMap((each) => approvalOf(each, facts) ?? NOBODY);
}

function approvalOf(each: Case | RefusedCase, facts: BatchFacts): ApprovalId | undefined {
  const { request } = each.pending;
  return 'decisionId' in request ? ownHistory(each, request.decisionId, facts).decided?.approval?.id : undefined;
}

/** One after another: what is decided first, the next one finds done. */
async function verdictsOf(cases: readonly (Case | RefusedCase)[], facts: BatchFacts): Promise<readonly Verdicted[]> {
  const verdicts: Verdicted[] = [];
  for (const each of cases) {
    const first = verdictedOf(each, facts);
    if (first !== 'asks') {
      verdicts.push(first);
      continue;
    }
    await facts.asks.loadOpenOf([each.pending.caller.agentId]);
    verdicts.push(verdictedOf(each, facts) as Verdicted);
  }
  return verdicts;
}

/**
 * A request that cannot be decided is refused by itself; the others of its batch are decided all the same. `asks`: a
 * budget asks people, and what waits for them has to be read first; nothing was changed.
 */
function verdictedOf(each: Case | RefusedCase, facts: BatchFacts): Verdicted | 'asks' {
  if (isRefused(each)) return each;
  try {
    const answer = decideRequest(each, facts);
    return answer === 'asks' ? answer : { pending: each.pending, answer };
  } catch (error) {
    return { pending: each.pending, error };
  }
}
