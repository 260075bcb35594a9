import {
  ActionCost,
  budgetEvents,
  BudgetScope,
  HoldRecord,
  OutcomeCost,
  PriceRecord,
  WindowKind,
} from '@countersign/budgets';
import { BudgetAsk, Requirement } from '@countersign/approvals';
import {
  AgentId,
  AgentKeyId,
  ApprovalId,
  DecisionId,
  GrantId,
  Instant,
  MemberId,
  TeamId,
  type EventOf,
} from '@countersign/kernel';
import { z } from 'zod';
import { ActionContext } from './action.ts';

const Amount = z.string();
const Unit = z.enum(['usd', 'tokens', 'calls']);
export const Verdict = z.enum(['allow', 'ask', 'block']);
export type Verdict = z.infer<typeof Verdict>;

/** One sentence of the explanation: what said so, where it is written, and in words. */
export const RecordedReason = z.strictObject({
  code: z.string(),
  policy: z.string().nullable(),
  version: z.number().int().nullable(),
  layer: z.string().nullable(),
  rule: z.string().nullable(),
  line: z.number().int().nullable(),
  message: z.string(),
  effect: Verdict,
  detail: z.record(z.string(), z.unknown()).optional(),
});
export type RecordedReason = z.infer<typeof RecordedReason>;

/** Which counter of which window, for ever. */
const counterAddress = {
  policy: z.string(),
  budget: z.string(),
  scope: BudgetScope,
  instance: z.string(),
  unit: Unit,
  window: WindowKind,
  windowStart: Instant,
  windowEnd: Instant.nullable(),
};

/** One budget as the decision saw it, before this action: the arithmetic anybody can repeat. */
export const BudgetFigure = z.strictObject({
  ...counterAddress,
  cap: Amount,
  spent: Amount,
  held: Amount,
  asked: Amount,
  /** How much of the cap people added for this one action. */
  extension: Amount.optional(),
});
export type BudgetFigure = z.infer<typeof BudgetFigure>;

export const RecordedAction = z.strictObject({
  intent: z.string(),
  target: z.string(),
  /** Absent when a policy records digests only. */
  args: z.record(z.string(), z.unknown()).optional(),
  cost: ActionCost.optional(),
  run: z.string().optional(),
  user: z.string().optional(),
  tags: z.array(z.string()).optional(),
  reason: z.string().optional(),
  context: ActionContext.optional(),
});
export type RecordedAction = z.infer<typeof RecordedAction>;

const ShadowVerdict = z.strictObject({
  policy: z.string(),
  version: z.number().int(),
  layer: z.string(),
  verdict: Verdict,
  reasons: z.array(RecordedReason),
});

/** Who asks, as it was when it asked. */
const RecordedAgent = z.strictObject({
  id: AgentId,
  name: z.string(),
  team: TeamId,
  teamName: z.string(),
  environment: z.string(),
  riskClass: z.string(),
  key: AgentKeyId,
});

/** How a condition came out that read what was hidden. */
const RecordedOutcome = z.strictObject({
  key: z.string(),
  outcome: z.union([
    z.enum(['held', 'failed']),
    z.strictObject({ error: z.string() }),
    z.strictObject({ cost: z.string() }),
  ]),
});

/** Logs of rates, and of new runs and users, that an allow is counted in. */
const RecordedRate = z.strictObject({ key: z.string(), max: z.number().int(), name: z.string().optional() });

/** What is asked of whom. Several decisions of one id joined: one approval, one permit. */
const RecordedAsk = z.strictObject({
  id: ApprovalId,
  requirements: z.array(Requirement),
  expiresAt: Instant,
  /** The budgets that the action would exceed and that people may raise for it. */
  budgets: z.array(BudgetAsk).optional(),
  /** The agent's owner and deputy and the issuers of its live keys, as far as they are members: they never decide it. */
  involved: z.array(MemberId).optional(),
});

/**
 * Facts about one action, in the order they can happen: stream `decision-<id>`.
 *
 * Permanent shapes: a payload may gain an optional field, anything else is a new type. One event
 * is a whole decision, its hold inside, so that nothing can be recorded by halves.
 */
export const decisionEvents = {
  ActionDecided: z.strictObject({
    decisionId: DecisionId,
    requestId: z.string(),
    agent: RecordedAgent,
    action: RecordedAction,
    /** Paths whose content was hidden before recording, by policy or because it looked like a secret. */
    redacted: z.array(z.string()).optional(),
    /** How conditions came out that read what was hidden, so that the decision can be decided again without it. */
    outcomes: z.array(RecordedOutcome).optional(),
    digest: z.strictObject({ salt: z.string(), value: z.string() }),
    verdict: Verdict,
    reasons: z.array(RecordedReason),
    shadow: z.array(ShadowVerdict).optional(),
    explain: z.enum(['none', 'message', 'full']),
    /** The position of the configuration that judged: with the ledger before it, all a replay needs. */
    epoch: z.number().int(),
    price: PriceRecord.optional(),
    budgets: z.array(BudgetFigure),
    rates: z.array(RecordedRate),
    /** Present on an allow. `asked` of every budget is set aside until then. */
    hold: z.strictObject({ expiresAt: Instant }).nullable(),
    approval: RecordedAsk.nullable(),
    /** The standing permission that let an asked action pass, and what it was used for. */
    grant: z.strictObject({ id: GrantId, usd: Amount }).optional(),
    retryAt: Instant.nullable(),
  }),
  /** The agent said how it went; the hold becomes spend, or is given back. */
  OutcomeReported: z.strictObject({
    decisionId: DecisionId,
    status: z.enum(['success', 'error', 'cancelled']),
    cost: OutcomeCost.optional(),
    durationMs: z.number().optional(),
    result: z.unknown().optional(),
    price: PriceRecord.optional(),
    /** What each entry of the hold was charged, in the order in which the decision's stream set them aside. */
    charged: z.array(Amount),
    isUnreported: z.boolean(),
    /** Set on the first report after expiry: it corrects what expiry presumed spent. */
    isLate: z.boolean(),
  }),
  /** Nobody said how it went: what was authorized is presumed spent. */
  HoldExpired: z.strictObject({ decisionId: DecisionId, expiredAt: Instant }),
  /** More money or time for a running action, decided like one. */
  ExtensionDecided: z.strictObject({
    decisionId: DecisionId,
    extensionId: z.string(),
    verdict: Verdict,
    reasons: z.array(RecordedReason),
    /** Empty unless allowed. `asked` is set aside beside what was held before. */
    budgets: z.array(BudgetFigure),
    expiresAt: Instant,
    retryAt: Instant.nullable(),
  }),
  /**
   * Budgets began to count the action while it ran: they hold what it asked for so far, each part in the window it was
   * asked in. Who and until when, because an action that no budget counted before had no hold.
   */
  HoldWidened: z.strictObject({
    decisionId: DecisionId,
    agentId: AgentId,
    expiresAt: Instant,
    entries: HoldRecord.shape.entries,
  }),
  HoldCorrected: budgetEvents.HoldCorrected,
  /**
   * An agent came to take the permit of an approved ask: the action as about to run, judged again. An allow takes the
   * permit and holds the money, inside of one event; a block leaves the permit as it was, unless the approval says else.
   */
  TakeDecided: z.strictObject({
    decisionId: DecisionId,
    approvalId: ApprovalId,
    takeId: z.string(),
    agent: RecordedAgent,
    action: RecordedAction,
    redacted: z.array(z.string()).optional(),
    outcomes: z.array(RecordedOutcome).optional(),
    /** Of the action as it was sent, with the salt of what was approved: the same value is the same action. */
    digest: z.strictObject({ salt: z.string(), value: z.string() }),
    verdict: z.enum(['allow', 'block']),
    reasons: z.array(RecordedReason),
    explain: z.enum(['none', 'message', 'full']),
    epoch: z.number().int(),
    price: PriceRecord.optional(),
    budgets: z.array(BudgetFigure),
    rates: z.array(RecordedRate),
    /** Present on an allow. */
    hold: z.strictObject({ expiresAt: Instant }).nullable(),
    retryAt: Instant.nullable(),
  }),
  /** The agent took its question back. */
  AskCancelled: z.strictObject({ decisionId: DecisionId, approvalId: ApprovalId }),
} as const;

export type DecisionEvent = EventOf<typeof decisionEvents>;
export type ActionDecided = z.infer<(typeof decisionEvents)['ActionDecided']>;
export type TakeDecided = z.infer<(typeof decisionEvents)['TakeDecided']>;
export type OutcomeReported = z.infer<(typeof decisionEvents)['OutcomeReported']>;
