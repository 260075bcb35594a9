/** What an action will cost: stated, or to be priced from tokens. Amounts are decimal text, never floats. */
export type ActionCost =
  { readonly usd: string; readonly tokens?: number } | (ModelTokens & { readonly maxOutputTokens?: number });

/** What an action did cost. */
export type OutcomeCost =
  { readonly usd: string; readonly tokens?: number } | (ModelTokens & { readonly outputTokens: number });

interface ModelTokens {
  readonly provider: string;
  readonly model: string;
  /** The cached ones included. */
  readonly inputTokens: number;
  readonly cachedInputTokens?: number;
}

export interface ActionContext {
  readonly traceparent?: string;
  readonly parentDecisionId?: string;
  readonly agentVersion?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly region?: string;
  readonly dataClasses?: readonly string[];
  readonly onBehalfOf?: string;
}

/** What an agent wants to do. */
export interface Action<Args extends object = object> {
  /** For ever unique per agent, a UUID by default. Asking again with the same id is asking once. */
  readonly requestId?: string;
  /** Such as `refund.issue`. */
  readonly intent: string;
  readonly target?: string;
  /** Sent as JSON at the moment of the call; later changes to the object change nothing. */
  readonly args?: Args;
  readonly cost?: ActionCost;
  readonly run?: string;
  readonly user?: string;
  readonly tags?: readonly string[];
  readonly reason?: string;
  readonly context?: ActionContext;
  /** Judged, but neither recorded nor held: never a permission to act. */
  readonly dryRun?: boolean;
}

export const VERDICTS = ['allow', 'block', 'ask'] as const;
export const STATES = [
  'decided',
  'pending',
  'approved',
  'denied',
  'expired',
  'cancelled',
  'taken',
  'reported',
] as const;
export const NEXT_STEPS = ['act', 'wait', 'take', 'stop'] as const;

export interface Reason {
  readonly code: string;
  readonly message?: string;
  readonly policy?: string | null;
  readonly version?: number | null;
  readonly layer?: string | null;
  readonly rule?: string | null;
  readonly line?: number | null;
}

export interface BudgetFigure {
  readonly name: string;
  readonly scope: string;
  readonly window: string;
  readonly unit: string;
  readonly cap?: string;
  readonly spent?: string;
  readonly held?: string;
  readonly asked?: string;
  readonly remaining?: string;
  readonly resetsAt: string | null;
}

/** What an approver asks the agent. Words that were erased are null. */
export interface Question {
  readonly id: string;
  readonly text: string | null;
  readonly answer: string | null;
}

/** Where a question to people stands. */
export interface Approval {
  readonly id: string;
  readonly team: string;
  readonly quorum: number;
  readonly state: string;
  /** Until when people may decide. */
  readonly expiresAt: string | null;
  readonly questions: readonly Question[];
  /** Said with a denial. */
  readonly feedback: string | null;
  /** Until when an approved action may be taken. */
  readonly permitExpiresAt: string | null;
  /** People changed the arguments: only so may the action be taken. */
  readonly edited: boolean;
}

/** The answer to one action. Times are RFC 3339 in UTC by the server's clock. */
export interface Decision {
  readonly id: string;
  /** Of the action it decides; null where the answer does not say. */
  readonly requestId: string | null;
  readonly verdict: (typeof VERDICTS)[number];
  readonly state: (typeof STATES)[number];
  /** The one field to branch on. */
  readonly next: (typeof NEXT_STEPS)[number];
  /** The request id was seen before. */
  readonly repeat: boolean;
  /** First what decided, then what else matched. */
  readonly reasons: readonly Reason[];
  readonly approval: Approval | null;
  readonly hold: { readonly expiresAt?: string } | null;
  readonly validUntil: string | null;
  /** When the same action may pass; null: never as asked. */
  readonly retryAt: string | null;
  readonly shadow: readonly unknown[];
  readonly budgets: readonly BudgetFigure[];
  readonly actionDigest: string | null;
  /** In the organization's ledger; null for a dry run. */
  readonly position: number | null;
  readonly decidedAt: string;
  /** When the permit was taken; null of anything else. */
  readonly takenAt: string | null;
}

/** A decision with the action it is about: as it was recorded, and as people changed it. */
export interface DecisionDetail extends Decision {
  readonly action: RecordedAction;
}

/** What a policy or a secret hid stays hidden here. */
export interface RecordedAction {
  readonly intent: string;
  readonly args?: object;
  readonly [field: string]: unknown;
}

/** The taking of a permit. */
export interface Take<Args extends object = object> {
  /** Yours to keep: the same one again has the same answer, another one never gets the same permit. */
  readonly takeId: string;
  /** The whole action as about to run, with the arguments as people left them. */
  readonly action: Omit<Action<Args>, 'dryRun'> & { readonly requestId: string };
}

/** What an agent says to an approver who asked. */
export interface QuestionAnswer {
  readonly questionId: string;
  readonly text: string;
  /** The same one again is the same answer; left out, the text itself says so. */
  readonly answerId?: string;
}

/** How an action went. `cancelled` means that it never started, and carries no cost. */
export interface Outcome {
  readonly status: 'success' | 'error' | 'cancelled';
  readonly cost?: OutcomeCost;
  readonly durationMs?: number;
  readonly result?: unknown;
}

/** The server's receipt for an outcome. */
export interface OutcomeAnswer {
  readonly decisionId: string;
  readonly status: Outcome['status'];
  /** What was charged, by unit, as decimal text. */
  readonly settled: Readonly<Record<string, string>>;
  /** No cost was reported, so the held amount is presumed spent. */
  readonly unreported: boolean;
  readonly position: number;
  readonly repeat: boolean;
}

/** More money or more time for a running action. */
export interface Extension {
  /** A UUID by default; makes the call idempotent. */
  readonly extensionId?: string;
  readonly cost?: ActionCost;
  /** Such as `15m`, from now. */
  readonly holdFor?: string;
}

export interface ExtensionAnswer {
  readonly decisionId: string;
  readonly verdict: Decision['verdict'];
  readonly reasons: readonly Reason[];
  readonly expiresAt: string | null;
  readonly retryAt: string | null;
}

/** RFC 9457. */
export interface Problem {
  readonly status: number;
  /** Permanent; the rest is for people. */
  readonly code: string;
  readonly title?: string;
  readonly detail?: string;
  readonly field?: string;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly message: string }[];
  readonly decision?: unknown;
}
