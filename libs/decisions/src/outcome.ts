import {
  correct,
  meterOutcome,
  movementsOfCorrection,
  OutcomeCost,
  release,
  settle,
  encodeSettlement,
  type HoldEntry,
  type Metered,
  type Pricing,
  type SettledEntry,
} from '@countersign/budgets';
import { accepted, formatAmount, rejected, type Decided, type DecisionId } from '@countersign/kernel';
import { z } from 'zod';
import type { DecisionEvent, OutcomeReported } from './decision.events.ts';
import type { DecisionHistory } from './history.ts';

/** How an allowed action went, as its agent says it. */
export const OutcomeReport = z
  .strictObject({
    status: z.enum(['success', 'error', 'cancelled']),
    cost: OutcomeCost.optional(),
    durationMs: z
      .number()
      .int()
      .min(0)
      .max(366 * 86_400_000)
      .optional(),
    result: z.unknown().optional(),
  })
  .refine(({ status, cost }) => status !== 'cancelled' || cost === undefined, {
    path: ['cost'],
    message: 'must be absent when `status` is `cancelled`: an action that never started costs nothing',
    params: { code: 'outcome.cancelled_with_cost' },
  });
export type OutcomeReport = z.infer<typeof OutcomeReport>;

/** Every reason a report is refused. Codes are public: never reuse one. */
export type OutcomeRejection =
  | { readonly code: 'decision.not_found' }
  | { readonly code: 'outcome.not_allowed'; readonly verdict: 'ask' | 'block' }
  | { readonly code: 'outcome.already_reported'; readonly status: OutcomeReported['status'] };

export interface OutcomeFacts {
  /** The open hold's entries; null when it has ended or there never was one. */
  readonly open: readonly HoldEntry[] | null;
  /** What the ledger says of the decision so far; needed only where no hold is open. */
  readonly history: DecisionHistory;
  readonly pricing: Pricing;
}

/**
 * Decides one report. The same report again changes nothing and is accepted; another is refused, except the first one
 * after the hold expired, which corrects what was presumed.
 */
export function decideOutcome(
  decisionId: DecisionId,
  report: OutcomeReport,
  { open, history, pricing }: OutcomeFacts,
): Decided<DecisionEvent, OutcomeRejection> {
  const metered = meterOutcome(report.cost ?? null, pricing);
  if (open) return accepted(reported(decisionId, report, settledBy(report, open, metered), metered));

  const { decided, outcome, entries, settlement } = history;
  if (!decided) return rejected({ code: 'decision.not_found' });
  const refused = refusedVerdict(history);
  if (refused) return rejected({ code: 'outcome.not_allowed', verdict: refused });
  if (outcome)
    return isSame(outcome, report)
      ? accepted()
      : rejected({ code: 'outcome.already_reported', status: outcome.status });
  if (settlement) return correctedBy(decisionId, report, settlement, metered);
  return accepted(reported(decisionId, report, settledBy(report, entries, metered), metered));
}

/** Of what was not allowed, neither at first nor at a take, there is no outcome. */
function refusedVerdict({ decided, taken }: DecisionHistory): 'ask' | 'block' | null {
  return decided === null || taken || decided.verdict === 'allow' ? null : decided.verdict;
}

/** It corrects what stands settled, which a person may have corrected already, and nothing that it leaves out. */
function correctedBy(
  decisionId: DecisionId,
  report: OutcomeReport,
  settlement: readonly SettledEntry[],
  metered: Metered,
): Decided<DecisionEvent, never> {
  const after = report.status === 'cancelled' ? release(settlement) : correct(settlement, metered.amounts);
  const event = reported(decisionId, report, after, { ...metered, isLate: true });
  return accepted(event, correction(decisionId, settlement, after));
}

/** Without a cost, an action that ran is presumed to have cost what was held. */
function settledBy(
  { status }: OutcomeReport,
  entries: readonly HoldEntry[],
  { amounts }: Metered,
): readonly SettledEntry[] {
  return status === 'cancelled' ? release(entries) : settle(entries, amounts);
}

function reported(
  decisionId: DecisionId,
  report: OutcomeReport,
  entries: readonly SettledEntry[],
  { price, isLate = false }: Pick<Metered, 'price'> & { isLate?: boolean },
): DecisionEvent {
  const { status, cost, durationMs, result } = report;
  return {
    type: 'OutcomeReported',
    data: {
      decisionId,
      status,
      ...(cost !== undefined && { cost }),
      ...(durationMs !== undefined && { durationMs }),
      ...(result !== undefined && { result }),
      ...(price && { price }),
      charged: entries.map(({ unit, settled }) => formatAmount(unit, settled)),
      isUnreported: entries.some(({ isReported }) => !isReported),
      isLate,
    },
  };
}

function correction(
  decisionId: DecisionId,
  before: readonly SettledEntry[],
  after: readonly SettledEntry[],
): DecisionEvent {
  const hasMoved = movementsOfCorrection(before, after).some(({ spent }) => spent !== 0n);
  const reason = hasMoved ? 'reported after the hold expired' : 'reported after the hold expired, as presumed';
  return {
    type: 'HoldCorrected',
    data: { decisionId, reason, before: encodeSettlement(before), after: encodeSettlement(after) },
  };
}

/** Compared as JSON says it: what arrives is what was recorded, or it is another report. */
function isSame(outcome: OutcomeReported, { status, cost, durationMs, result }: OutcomeReport): boolean {
  const told = [status, cost ?? null, durationMs ?? null, result ?? null];
  const known = [outcome.status, outcome.cost ?? null, outcome.durationMs ?? null, outcome.result ?? null];
  return JSON.stringify(told) === JSON.stringify(known);
}
