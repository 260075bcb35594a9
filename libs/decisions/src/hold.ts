import type { HoldEntry } from '@countersign/budgets';
import { formatAmount, parseAmount, type AgentId, type Instant } from '@countersign/kernel';
import { z } from 'zod';
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
  const { cap: _cap, spent: _spent, held: _held, asked, ...address } = figure;
  return { ...address, amount: parseAmount(figure.unit, asked) };
}

const Stored = z.strictObject({ agentId: z.string(), streamVersion: z.number(), entries: z.array(z.unknown()) });

/** The row's text: what a settlement needs, without reading the ledger. */
export function storeHold({ agentId, streamVersion, entries }: Hold): string {
  const amounts = entries.map(({ amount, ...address }) => ({ ...address, amount: formatAmount(address.unit, amount) }));
  return JSON.stringify({ agentId, streamVersion, entries: amounts });
}

export function loadHold(text: string, expiresAt: Instant): Hold {
  const { agentId, streamVersion, entries } = Stored.parse(JSON.parse(text)) as {
    agentId: AgentId;
    streamVersion: number;
    entries: (Omit<HoldEntry, 'amount'> & { amount: string })[];
  };
  const read = entries.map((entry) => ({ ...entry, amount: parseAmount(entry.unit, entry.amount) }));
  return { agentId, streamVersion, expiresAt, entries: read };
}
