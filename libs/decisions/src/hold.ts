import { addressOfKey, counterKey, type CounterKey, type HoldEntry } from '@countersign/budgets';
import { parseAmount, type AgentId, type Instant } from '@countersign/kernel';
import type { BudgetFigure } from './decision.events.ts';

/** Money set aside for an allowed action until its real cost is known. Open holds only; one that ended is in the ledger. */
export interface Hold {
  readonly agentId: AgentId;
  readonly expiresAt: Instant;
  /** In the order of the decision's budgets, extensions after them: settlements name amounts in this order. */
  readonly entries: readonly HoldEntry[];
  /** The version of the stream `decision-<id>`, so that its next event knows its number. */
  readonly streamVersion: number;
}

/** Reads a figure of a decision as the entry it set aside. */
export function entryOf(figure: BudgetFigure): HoldEntry {
  const { policy, budget, scope, instance, unit, window, windowStart, windowEnd, asked } = figure;
  const amount = parseAmount(unit, asked);
  return { policy, budget, scope, instance, unit, window, windowStart, windowEnd, amount };
}

/** What the row's text holds: the agent, the stream's version, and of each entry its counter, window's end and amount. */
type Stored = readonly [
  agentId: AgentId,
  streamVersion: number,
  ...entries: (readonly [key: CounterKey, windowEnd: Instant | null, amount: string])[],
];

/** The row's text: what a settlement needs, without reading the ledger. A list, because there is one for every allow. */
export function storeHold({ agentId, streamVersion, entries }: Hold): string {
  const stored: Stored = [
    agentId,
    streamVersion,
    ...entries.map((entry) => [counterKey(entry), entry.windowEnd, entry.amount.toString()] as const),
  ];
  return JSON.stringify(stored);
}

/** @throws {Error} for a text that `storeHold` did not write. */
export function loadHold(text: string, expiresAt: Instant): Hold {
  const [agentId, streamVersion, ...entries] = JSON.parse(text) as Stored;
  return { agentId, streamVersion, expiresAt, entries: entries.map(loadEntry) };
}

function loadEntry([key, windowEnd, amount]: Stored[2]): HoldEntry {
  const address = addressOfKey(key);
  if (!address) throw new Error(`\`${key}\` names no counter`);
  return { ...address, windowEnd, amount: BigInt(amount) };
}
