import { BudgetScope, WindowKind } from '@countersign/budgets';
import { Instant } from '@countersign/kernel';
import { z } from 'zod';

/** Plain decimal text: nano-USD exact for `usd`, whole numbers for tokens and calls. */
export const Amount = z.string().regex(/^\d{1,25}(\.\d{1,9})?$/, 'must be a plain decimal');

/** A salted commitment to the whole action; whoever votes says which one they judged. */
export const Digest = z.strictObject({ salt: z.string(), value: z.string() });
export type Digest = z.infer<typeof Digest>;

/** What one team must do before an asked action may run, as its decision records it. `team` as the policy names it. */
export const Requirement = z.strictObject({
  team: z.string(),
  /** How many different people. */
  quorum: z.number().int().min(1),
  expiresAt: Instant,
  permitForMs: z.number().int().min(1),
  /** `approver`: whoever decides must write why. */
  requireReason: z.string().nullable(),
  escalate: z.strictObject({ at: Instant, team: z.string() }).nullable(),
  neverAutoApprove: z.boolean(),
});
export type Requirement = z.infer<typeof Requirement>;

/** A budget that the action would exceed and whose policy lets people raise it, and the team it delegates that to. */
export const BudgetAsk = z.strictObject({
  policy: z.string(),
  budget: z.string(),
  scope: BudgetScope,
  instance: z.string(),
  unit: z.enum(['usd', 'tokens', 'calls']),
  window: WindowKind,
  team: z.string(),
  /** The most the team may raise it by; above it an owner or admin must be among those who approve. Null: no bound. */
  raiseMax: Amount.nullable(),
});
export type BudgetAsk = z.infer<typeof BudgetAsk>;

/** How much one action may go over one budget's cap, in one window. */
export const BudgetExtension = z.strictObject({
  policy: z.string(),
  budget: z.string(),
  scope: BudgetScope,
  instance: z.string(),
  unit: z.enum(['usd', 'tokens', 'calls']),
  window: WindowKind,
  windowStart: Instant,
  windowEnd: Instant.nullable(),
  amount: Amount,
});
export type BudgetExtension = z.infer<typeof BudgetExtension>;
