import type { ApprovalRejection, PermitCode } from '@countersign/approvals';
import type {
  Action,
  ActionDecided,
  DecidedTake,
  OutcomeRejection,
  OutcomeReport,
  OutcomeReported,
  Judged,
} from '@countersign/decisions';
import type { Figures } from '@countersign/budgets';
import type { AgentId, AgentKeyId, DecisionId, Instant, OrganizationId, QuestionId } from '@countersign/kernel';
import type { Extension, ExtensionAnswer } from './extension.ts';

/** An authenticated agent: whose ledger, who asks, with which key. Established by the edge, judged again under the lock. */
export interface Caller {
  readonly organizationId: OrganizationId;
  readonly agentId: AgentId;
  readonly keyId: AgentKeyId;
}

/** A decision as it was recorded, or where the same request was recorded before. */
export type ActionAnswer =
  | {
      readonly kind: 'decided';
      readonly decided: ActionDecided;
      /** Those of its budgets, as numbers. */
      readonly figures: readonly Figures[];
      readonly position: number;
      readonly at: Instant;
    }
  | { readonly kind: 'repeat'; readonly position: number };

export type OutcomeAnswer =
  | {
      readonly kind: 'reported';
      readonly outcome: OutcomeReported;
      /** What the action came to, by unit, as decimal text. Empty where no budget counted it. */
      readonly settled: Readonly<Record<string, string>>;
      readonly position: number;
      readonly isRepeat: boolean;
    }
  | { readonly kind: 'refused'; readonly rejection: OutcomeRejection };

export type CancelAnswer =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'refused'; readonly rejection: { readonly code: 'decision.not_found' | 'ask.not_pending' } };

/** Why an attempt to take is no decision: it is mistaken about where the decision stands. */
export interface TakeRejection {
  readonly code: 'decision.not_found' | 'take.reused' | PermitCode;
}

export type TakeAnswer =
  | { readonly kind: 'taken'; readonly take: DecidedTake }
  | { readonly kind: 'refused'; readonly rejection: TakeRejection };

export type QuestionRejection =
  ApprovalRejection | { readonly code: 'decision.not_found' } | { readonly code: 'ask.not_pending' };

export type QuestionAnswer =
  { readonly kind: 'answered' } | { readonly kind: 'refused'; readonly rejection: QuestionRejection };

export interface PendingAction {
  readonly kind: 'action';
  readonly action: Action;
  /** 128 bits over the agent and its request id, as a UUID. */
  readonly requestKey: string;
  /** What was judged before the queue, and under which epoch; exact only if that is still the epoch. */
  readonly early: { readonly epoch: number; readonly judged: Judged } | null;
}

export interface PendingOutcome {
  readonly kind: 'outcome';
  readonly decisionId: DecisionId;
  readonly report: OutcomeReport;
}

export interface PendingExtension {
  readonly kind: 'extension';
  readonly decisionId: DecisionId;
  readonly extension: Extension;
}

export interface PendingCancel {
  readonly kind: 'cancel';
  readonly decisionId: DecisionId;
}

export interface PendingTake {
  readonly kind: 'take';
  readonly decisionId: DecisionId;
  readonly takeId: string;
  /** As about to run. */
  readonly action: Action;
  readonly early: null;
}

export interface PendingQuestionAnswer {
  readonly kind: 'answer';
  readonly decisionId: DecisionId;
  readonly questionId: QuestionId;
  readonly answerId: string;
  readonly text: string;
}

export type Request =
  PendingAction | PendingOutcome | PendingExtension | PendingCancel | PendingTake | PendingQuestionAnswer;

export type Answer = ActionAnswer | OutcomeAnswer | ExtensionAnswer | CancelAnswer | TakeAnswer | QuestionAnswer;

/** One request that waits for its batch, and the caller that waits for it. */
export interface Pending {
  readonly caller: Caller;
  readonly request: Request;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

const keyWords = {
  revoked: 'this agent key was revoked',
  expired: 'this agent key has expired',
  scope: 'this agent key has no scope for this: `act` decides and reports, `test` tries with `dryRun`',
  user: 'this agent key is bound to one user, and the action names another',
} as const;

/** The key may not do this, judged under the lock: it was revoked, expired, or never was for this. */
export class KeyRefused extends Error {
  override readonly name = 'KeyRefused';
  readonly code;

  constructor(readonly why: keyof typeof keyWords) {
    super(keyWords[why]);
    this.code = `key.${why}` as const;
  }
}

/** This one request made its batch fail, and failed again by itself. Nothing of it was recorded. */
export class DecisionFailed extends Error {
  override readonly name = 'DecisionFailed';
  readonly code = 'decision.failed';
}
