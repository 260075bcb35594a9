import { DecisionReason, OutcomeReport, type OutcomeReported } from '@countersign/decisions';
import { DecisionId, toIso } from '@countersign/kernel';
import { z } from 'zod';
import type { ExtensionAnswer } from '../application/extension.ts';
import type { OutcomeAnswer } from '../application/pending.ts';

const Time = z.iso.datetime();

/** One outcome of several: the report, and of which decision. */
export const OutcomeOfMany = OutcomeReport.safeExtend({ decisionId: DecisionId });

/** What a hold came to, as its agent reads it. */
export const OutcomeView = z.strictObject({
  decisionId: DecisionId,
  status: z.enum(['success', 'error', 'cancelled']),
  settled: z
    .strictObject({ usd: z.string(), tokens: z.string(), calls: z.string() })
    .partial()
    .describe('What was charged, by unit, as decimal text. Empty where no budget counted the action.'),
  unreported: z.boolean().describe('No cost was reported, so that the held amount is presumed spent.'),
  late: z.boolean().describe('The hold had expired, and this report corrects what was presumed.'),
  position: z.number().int().min(0),
  repeat: z.boolean().describe('The same report was taken before.'),
});
export type OutcomeView = z.infer<typeof OutcomeView>;

export function outcomeView(
  decisionId: DecisionId,
  { outcome, settled, position, isRepeat: repeat }: Extract<OutcomeAnswer, { kind: 'reported' }>,
): OutcomeView {
  const { status, isUnreported: unreported, isLate: late }: OutcomeReported = outcome;
  return { decisionId, status, settled, unreported, late, position, repeat };
}

/** What came of asking for more. */
export const ExtensionView = z.strictObject({
  decisionId: DecisionId,
  verdict: z.enum(['allow', 'ask', 'block']).describe('Refused, the hold stays as it was.'),
  reasons: z.array(DecisionReason),
  expiresAt: Time.describe('Until when the hold runs now.'),
  retryAt: Time.nullable(),
});
export type ExtensionView = z.infer<typeof ExtensionView>;

export function extensionView(
  decisionId: DecisionId,
  { verdict, reasons, expiresAt, retryAt }: Extract<ExtensionAnswer, { kind: 'extended' }>,
) {
  return {
    decisionId,
    verdict,
    reasons,
    expiresAt: toIso(expiresAt),
    retryAt: retryAt === null ? null : toIso(retryAt),
  };
}

/** An ask that was taken back. */
export const CancelView = z.strictObject({ id: DecisionId, state: z.literal('cancelled') });
