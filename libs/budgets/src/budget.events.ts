import { DecisionId, formatAmount, Instant, parseAmount, type EventOf } from '@countersign/kernel';
import { z } from 'zod';
import type { HoldEntry, SettledEntry } from './hold.ts';
import { BudgetLayer, BudgetScope } from './selected-budget.ts';
import { WindowKind } from './window.ts';

const Unit = z.enum(['usd', 'tokens', 'calls']);

/** Plain decimal text in the unit: USD with up to nine decimals, whole tokens or calls. */
const Decimal = z.string().regex(/^\d{1,25}(\.\d{1,9})?$/, 'must be a plain decimal');

const address = {
  policy: z.string(),
  budget: z.string(),
  scope: BudgetScope,
  instance: z.string(),
  unit: Unit,
  window: WindowKind,
  windowStart: Instant,
  windowEnd: Instant.nullable(),
};

/** What an allow or a take set aside, inside its own event. Empty entries: no budget counts the action. */
export const HoldRecord = z.strictObject({
  expiresAt: Instant,
  entries: z.array(z.strictObject({ ...address, amount: Decimal })),
});
export type HoldRecord = z.infer<typeof HoldRecord>;

/** How a hold ended, inside the event that ended it; the windows are the hold's own. */
export const SettlementRecord = z.array(
  z.strictObject({ ...address, amount: Decimal, settled: Decimal, isReported: z.boolean() }),
);
export type SettlementRecord = z.infer<typeof SettlementRecord>;

/**
 * Facts about budgets that are no part of a decision. Shapes are permanent: a payload may gain an optional field;
 * anything else is a new event type.
 */
export const budgetEvents = {
  /**
   * A budget began to count what it had not counted before: what that came to in the current windows, to be added to
   * what they have counted already.
   */
  BudgetOpened: z.strictObject({
    policy: z.string(),
    version: z.number().int().positive(),
    budget: z.string(),
    scope: BudgetScope,
    unit: Unit,
    window: WindowKind,
    counters: z.array(
      z.strictObject({ instance: z.string(), windowStart: Instant, windowEnd: Instant.nullable(), spent: Decimal }),
    ),
    /** Where it counts from now on and did not before. Absent in events from before a counter could be added to. */
    points: z.array(z.strictObject({ layer: BudgetLayer, point: z.string() })).optional(),
  }),
  /** An ended hold was restated at what the action really cost, by a late report or by a person. */
  HoldCorrected: z.strictObject({
    decisionId: DecisionId,
    reason: z.string().max(4_096).nullable(),
    before: SettlementRecord,
    after: SettlementRecord,
  }),
} as const;

export type BudgetEvent = EventOf<typeof budgetEvents>;

export function encodeHold(expiresAt: Instant, entries: readonly HoldEntry[]): HoldRecord {
  return { expiresAt, entries: entries.map((entry) => ({ ...entry, amount: formatAmount(entry.unit, entry.amount) })) };
}

/** @throws {AmountError} if an amount is not of its unit; a record that passed its schema came from `encodeHold`. */
export function decodeHold(record: HoldRecord): readonly HoldEntry[] {
  return record.entries.map((entry) => ({ ...entry, amount: parseAmount(entry.unit, entry.amount) }));
}

export function encodeSettlement(entries: readonly SettledEntry[]): SettlementRecord {
  return entries.map((entry) => ({
    ...entry,
    amount: formatAmount(entry.unit, entry.amount),
    settled: formatAmount(entry.unit, entry.settled),
  }));
}

/** @throws {AmountError} as `decodeHold`. */
export function decodeSettlement(record: SettlementRecord): readonly SettledEntry[] {
  return record.map((entry) => ({
    ...entry,
    amount: parseAmount(entry.unit, entry.amount),
    settled: parseAmount(entry.unit, entry.settled),
  }));
}
