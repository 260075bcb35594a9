import { correct, encodeSettlement, meterOutcome, type OutcomeCost, type Pricing } from '@countersign/budgets';
import {
  accepted,
  rejected,
  type Actor,
  type Decided,
  type DecisionId,
  type OrganizationId,
} from '@countersign/kernel';
import type { CommandedEvent } from './command.ts';
import type { DecisionEvent } from './decision.events.ts';
import { historyOf, type DecisionFact } from './history.ts';

/** What a person says an ended hold really cost. */
export interface HoldCorrection {
  readonly decisionId: DecisionId;
  readonly cost: OutcomeCost;
  readonly reason: string;
}

/** Every reason a correction is refused. Codes are public: never reuse one. */
export type CorrectionRejection =
  | { readonly code: 'holds.not_found'; readonly decisionId: string }
  | { readonly code: 'holds.nothing_held'; readonly decisionId: string }
  | { readonly code: 'holds.still_open'; readonly decisionId: string }
  | { readonly code: 'holds.erased'; readonly decisionId: string };

/** What each says. */
export const correctionRejectionCodes = {
  'holds.not_found': 'There is no such decision.',
  'holds.nothing_held': 'The decision held nothing, so there is nothing to correct.',
  'holds.still_open': 'The hold is still open: its agent may report the cost yet.',
  'holds.erased': 'A part of what was held or charged was erased, so nobody can tell what a correction would change.',
} as const satisfies Record<CorrectionRejection['code'], string>;

export type CorrectionOutcome =
  | { readonly outcome: 'accepted'; readonly events: readonly CommandedEvent[] }
  | { readonly outcome: 'rejected'; readonly rejection: CorrectionRejection };

/** Restates ended holds: the same way in as decisions, under the organization's head lock. */
export abstract class HoldCorrections {
  /** @throws the faults of the ledger (clock unsure, commit unknown, database away); never a rejection. */
  abstract correct(
    organizationId: OrganizationId,
    actor: Actor,
    correction: HoldCorrection,
  ): Promise<CorrectionOutcome>;
}

/**
 * Decides one correction from everything that the decision's stream says. A hold that is still open is not corrected:
 * its agent may report yet. Saying what is recorded already changes nothing and is accepted.
 */
export function decideCorrection(
  { decisionId, cost, reason }: HoldCorrection,
  facts: readonly DecisionFact[],
  pricing: Pricing,
): Decided<DecisionEvent, CorrectionRejection> {
  const { decided, entries, settlement: before } = historyOf(facts);
  if (!decided) return rejected({ code: 'holds.not_found', decisionId });
  if (entries.length === 0) return rejected({ code: 'holds.nothing_held', decisionId });
  if (!before) return rejected({ code: 'holds.still_open', decisionId });

  // What the correction leaves out stays as it was.
  const after = correct(before, meterOutcome(cost, pricing).amounts);
  if (before.every(({ settled }, index) => settled === after[index]?.settled)) return accepted();
  const data = { decisionId, reason, before: encodeSettlement(before), after: encodeSettlement(after) };
  return accepted({ type: 'HoldCorrected', data });
}
