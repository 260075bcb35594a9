import { addressOfKey, type CounterKey, type HoldEntry } from '@countersign/budgets';
import { parseAmount, type AgentId, type Instant } from '@countersign/kernel';
import type { BudgetFigure } from './decision.events.ts';

/** Money set aside for an allowed action until its real cost is known. Open holds only; one that ended is in the ledger. */
export interface Hold {
  readonly agentId: AgentId;
  readonly expiresAt: Instant;
  /** As the decision's stream set them aside, its own budgets first: settlements name amounts in this order. */
  readonly entries: readonly HoldEntry[];
  /** The counter of each entry, in the same order. */
  readonly keys: readonly CounterKey[];
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
export function storeHold({ agentId, streamVersion, entries, keys }: Hold): string {
  let text = `["${agentId}",${streamVersion}`;
  for (let index = 0; index < entries.length; index += 1) {
    const { windowEnd, amount } = entries[index] as HoldEntry;
    text += `,[${quoted(keys[index] ?? '')},${windowEnd},"${amount}"]`;
  }
  return `${text}]`;
}

const NEEDS_ESCAPE = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A key as JSON writes it: users and runs may be called anything, but nearly none needs more than quotes. */
const quoted = (key: string) => (NEEDS_ESCAPE.test(key) ? JSON.stringify(key) : `"${key}"`);

/** @throws {Error} for a text that `storeHold` did not write. */
export function loadHold(text: string, expiresAt: Instant): Hold {
  const [agentId, streamVersion, ...entries] = JSON.parse(text) as Stored;
  const keys = entries.map(([key]) => key);
  return { agentId, streamVersion, expiresAt, keys, entries: entries.map(loadEntry) };
}

function loadEntry([key, windowEnd, amount]: Stored[2]): HoldEntry {
  const address = addressOfKey(key);
  if (!address) throw new Error(`\`${key}\` names no counter`);
  return { ...address, windowEnd, amount: BigInt(amount) };
}
