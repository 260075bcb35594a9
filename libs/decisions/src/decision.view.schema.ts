import { BudgetScope, WindowKind } from '@countersign/budgets';
import { ApprovalId, DecisionId, QuestionId } from '@countersign/kernel';
import { z } from 'zod';
import { RecordedAction, RecordedReason, Verdict } from './decision.events.ts';

/*
 * What agents read, as schemas: the description of the api is made of them, and a spec holds real views against them.
 *
 */

const Time = z.iso.datetime().describe("RFC 3339, UTC, by the server's clock.");
const Amount = z
  .string()
  .regex(/^-?\d+(\.\d{1,9})?$/)
  .describe('Decimal text, never a float: USD with up to nine decimals, or a whole number of tokens or calls.');
const Unit = z.enum(['usd', 'tokens', 'calls']);

export const DecisionReason = RecordedReason.partial()
  .required({ code: true, effect: true })
  .describe('One sentence of the explanation. What a policy hides (`explain`) is left out.');

const Approval = z.strictObject({
  id: ApprovalId,
  team: z.string(),
  quorum: z.number().int().min(1),
  state: z.enum(['pending', 'approved', 'denied', 'expired', 'cancelled', 'taken', 'withdrawn', 'lapsed']),
  expiresAt: Time,
  questions: z
    .array(z.strictObject({ id: QuestionId, text: z.string().nullable(), answer: z.string().nullable() }))
    .describe('What approvers ask the agent; one without an answer waits for it.'),
  feedback: z.string().nullable().describe('Said with the denial.'),
  permitExpiresAt: Time.nullable(),
  edited: z.boolean().describe('People changed the arguments; `action` says how, and only so may it be taken.'),
});

const Hold = z
  .strictObject({ usd: Amount.optional(), tokens: Amount.optional(), calls: Amount.optional(), expiresAt: Time })
  .describe('What is set aside for the action, by unit, and until when.');

const Shadow = z
  .strictObject({
    policy: z.string(),
    version: z.number().int(),
    layer: z.string(),
    verdict: Verdict,
    reasons: z.array(DecisionReason),
  })
  .describe('What a policy would have said that only watches.');

const Budget = z
  .strictObject({
    name: z.string(),
    scope: BudgetScope,
    window: WindowKind,
    unit: Unit,
    verdict: z.enum(['fits', 'exceeded']),
    cap: Amount.optional(),
    spent: Amount.optional(),
    held: Amount.optional(),
    asked: Amount.optional(),
    remaining: Amount.optional(),
    resetsAt: Time.nullable(),
  })
  .describe('As the decision saw it, before this action. Budgets wider than the agent show no figures.');

export const DecisionAnswer = z.strictObject({
  id: DecisionId,
  requestId: z.string(),
  verdict: Verdict.describe('Never changes. Clients must refuse verdicts that they do not know.'),
  state: z.enum(['decided', 'pending', 'approved', 'denied', 'expired', 'cancelled', 'taken', 'reported']),
  next: z.enum(['act', 'wait', 'take', 'stop']).describe('The one field to branch on.'),
  repeat: z.boolean().describe('Whether this request id was decided before.'),
  reasons: z.array(DecisionReason).describe('First what decided, then what else matched.'),
  approval: Approval.nullable(),
  hold: Hold.nullable(),
  validUntil: Time.nullable().describe('Until when an allow may be acted on.'),
  retryAt: Time.nullable().describe('When the same action may pass; null: never as asked.'),
  shadow: z.array(Shadow),
  budgets: z.array(Budget),
  actionDigest: z.string().regex(/^sha256:/),
  position: z.number().int().min(0).nullable().describe("In the organization's ledger; null for a dry run."),
  decidedAt: Time,
  takenAt: Time.optional().describe('When the permit was taken; only of an ask that was.'),
});

/** The decision with the action it is about, as far as that was recorded. */
export const DecisionDetailAnswer = DecisionAnswer.extend({
  action: RecordedAction.describe(
    'As it was recorded, and as people changed it: what a policy or a secret hid stays hidden.',
  ),
});
