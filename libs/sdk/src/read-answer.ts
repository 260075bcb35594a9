import { isRecord } from './failure.ts';
import {
  NEXT_STEPS,
  STATES,
  VERDICTS,
  type Decision,
  type DecisionDetail,
  type ExtensionAnswer,
  type OutcomeAnswer,
  type Reason,
} from './wire.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isInstant: Check = (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const isPosition: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isDecisionId: Check = (value) => typeof value === 'string' && /^dec_[0-9a-f]{32}$/.test(value);
const isReason = (value: unknown): value is Reason => isRecord(value) && isText(value['code']);
const isFlag: Check = (value) => typeof value === 'boolean';

const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

type Shape = Readonly<Record<string, Check>>;

const matches = (value: Record<string, unknown>, shape: Shape) =>
  Object.entries(shape).every(([field, check]) => check(value[field]));

const QUESTION: Shape = { id: isText, text: orNull(isText), answer: orNull(isText) };
const isQuestion: Check = (value) => isRecord(value) && matches(value, QUESTION);

const APPROVAL: Shape = {
  id: isText,
  team: isText,
  quorum: isPosition,
  state: isText,
  expiresAt: orNull(isInstant),
  questions: listOf(isQuestion),
  feedback: orNull(isText),
  permitExpiresAt: orNull(isInstant),
  edited: isFlag,
};
const isApproval: Check = (value) => isRecord(value) && matches(value, APPROVAL);

const DECISION: Shape = {
  id: isDecisionId,
  requestId: orNull(isText),
  verdict: oneOf(VERDICTS),
  state: oneOf(STATES),
  next: oneOf(NEXT_STEPS),
  repeat: isFlag,
  reasons: listOf(isReason),
  approval: orNull(isApproval),
  hold: orNull(isRecord),
  validUntil: orNull(isInstant),
  retryAt: orNull(isInstant),
  shadow: Array.isArray,
  budgets: listOf(isRecord),
  actionDigest: orNull(isText),
  position: orNull(isPosition),
  decidedAt: isInstant,
  takenAt: orNull(isInstant),
};

/** What a server may leave out without changing what may be done. */
const ABSENT = {
  approval: null,
  hold: null,
  retryAt: null,
  shadow: [],
  budgets: [],
  actionDigest: null,
  takenAt: null,
};

/**
 * A decision in words this client knows, or undefined: an unknown verdict, state or step is no permission, nor is
 * a step that contradicts the verdict. Unknown fields pass. A `requestId`, if the answer has one, must be ours.
 */
export function readDecision(value: unknown, requestId?: string): Decision | undefined {
  if (!isRecord(value)) return undefined;
  const { requestId: answeredId = requestId ?? null } = value;
  if (requestId !== undefined && answeredId !== requestId) return undefined;

  const decision = { ...ABSENT, ...value, requestId: answeredId };
  if (!matches(decision, DECISION)) return undefined;
  const read = decision as unknown as Decision;
  return COHERENT[read.next](read) ? read : undefined;
}

/** Where a decision has to stand for each step: to act takes an allow that stands, or an ask whose permit was taken. */
const COHERENT: Readonly<Record<Decision['next'], (decision: Decision) => boolean>> = {
  act: ({ verdict, state, takenAt }) =>
    verdict === 'allow' ? state === 'decided' : verdict === 'ask' && state === 'taken' && takenAt !== null,
  wait: ({ verdict, state, approval }) => verdict === 'ask' && state === 'pending' && approval !== null,
  take: ({ verdict, state, approval }) => verdict === 'ask' && state === 'approved' && approval !== null,
  stop: () => true,
};

/** The decision asked about, with its action; undefined for one about another decision or request. */
export function readDetail(value: unknown, decisionId: string, requestId?: string): DecisionDetail | undefined {
  const decision = readDecision(value, requestId);
  if (decision?.id !== decisionId || !isRecord(value)) return undefined;
  const { action } = value;
  if (!isRecord(action) || !isText(action['intent'])) return undefined;
  return action['args'] === undefined || isRecord(action['args']) ? (decision as DecisionDetail) : undefined;
}

const OUTCOME: Shape = {
  decisionId: isDecisionId,
  status: oneOf(['success', 'error', 'cancelled']),
  settled: isRecord,
  unreported: isFlag,
  position: isPosition,
  repeat: isFlag,
};

/** An answer to another decision's outcome is none. */
export function readOutcome(value: unknown, decisionId: string): OutcomeAnswer | undefined {
  if (!isRecord(value) || value['decisionId'] !== decisionId) return undefined;
  return matches(value, OUTCOME) ? (value as unknown as OutcomeAnswer) : undefined;
}

const EXTENSION: Shape = {
  decisionId: isDecisionId,
  verdict: oneOf(VERDICTS),
  reasons: listOf(isReason),
  expiresAt: orNull(isInstant),
  retryAt: orNull(isInstant),
};

export function readExtension(value: unknown, decisionId: string): ExtensionAnswer | undefined {
  if (!isRecord(value) || value['decisionId'] !== decisionId) return undefined;
  const answer = { expiresAt: null, retryAt: null, ...value };
  return matches(answer, EXTENSION) ? (answer as unknown as ExtensionAnswer) : undefined;
}
