import { figuresOf as budgetFiguresOf, fits, isWiderThanAgent, type Figures } from '@countersign/budgets';
import { formatAmount, parseSum, toIso, type Instant, type Unit } from '@countersign/kernel';
import type { ApprovalStatus } from '@countersign/approvals';
import type { ApprovalStanding, QuestionToAgent } from './approval-standing.ts';
import type { ActionDecided, BudgetFigure, RecordedAction, RecordedReason } from './decision.events.ts';
import type { DecidedTake, DecisionHistory } from './history.ts';

export type DecisionState =
  'decided' | 'pending' | 'approved' | 'denied' | 'expired' | 'cancelled' | 'taken' | 'reported';
/** The one field an agent branches on. */
export type Next = 'act' | 'wait' | 'take' | 'stop';

/** A decision as its agent reads it. */
export interface DecisionView {
  readonly id: string;
  readonly requestId: string;
  readonly verdict: ActionDecided['verdict'];
  readonly state: DecisionState;
  readonly next: Next;
  readonly repeat: boolean;
  readonly reasons: readonly Partial<RecordedReason>[];
  readonly approval: ApprovalView | null;
  readonly hold: HoldView | null;
  readonly validUntil: string | null;
  readonly retryAt: string | null;
  readonly shadow: readonly ShadowView[];
  readonly budgets: readonly BudgetView[];
  readonly actionDigest: string;
  readonly position: number | null;
  readonly decidedAt: string;
  /** When the permit was taken; only of an ask that was. */
  readonly takenAt?: string;
}

/** The decision with the action it is about, for whoever comes back to it. */
export interface DecisionDetail extends DecisionView {
  readonly action: RecordedAction;
}

interface ApprovalView {
  readonly id: string;
  readonly team: string;
  readonly quorum: number;
  readonly state: ApprovalStatus;
  readonly expiresAt: string;
  readonly questions: readonly QuestionToAgent[];
  readonly feedback: string | null;
  readonly permitExpiresAt: string | null;
  /** People changed the arguments: what may be taken is the action as they left it. */
  readonly edited: boolean;
}

interface HoldView extends Partial<Record<Unit, string>> {
  readonly expiresAt: string;
}

type ShadowView = Omit<NonNullable<ActionDecided['shadow']>[number], 'reasons'> & {
  readonly reasons: readonly Partial<RecordedReason>[];
};

/** Of a budget wider than the agent only its name and when it resets: what others spend is not its business. */
interface BudgetView extends Partial<Record<'cap' | 'spent' | 'held' | 'asked' | 'remaining', string>> {
  readonly name: string;
  readonly scope: BudgetFigure['scope'];
  readonly window: BudgetFigure['window'];
  readonly unit: Unit;
  readonly verdict: 'fits' | 'exceeded';
  readonly resetsAt: string | null;
}

/** What became of a decision since it was made, as of an instant. */
export interface Standing {
  readonly position: number | null;
  readonly decidedAt: Instant;
  readonly isReported: boolean;
  readonly isCancelled: boolean;
  readonly heldUntil: Instant | null;
  /** What became of its approval; null for a decision that has none, or was just made. */
  readonly approval: ApprovalStanding | null;
  /** Its own take of the permit. */
  readonly taken: DecidedTake | null;
  readonly now: Instant;
}

/** Of a decision that was just made. */
export const newStanding = (made: Pick<Standing, 'position' | 'decidedAt' | 'heldUntil' | 'now'>): Standing => ({
  position: made.position,
  decidedAt: made.decidedAt,
  isReported: false,
  isCancelled: false,
  heldUntil: made.heldUntil,
  approval: null,
  taken: null,
  now: made.now,
});

export const standingOf = (
  history: DecisionHistory,
  now: Instant,
  approval: ApprovalStanding | null = null,
): Standing => ({
  position: history.position,
  decidedAt: history.decidedAt ?? now,
  isReported: history.outcome !== null,
  isCancelled: history.isCancelled,
  heldUntil: history.heldUntil,
  approval,
  taken: history.taken,
  now,
});

/** Until when an allow may be acted on: as long as its money is held. */
const isStillValid = ({ isReported, heldUntil, now }: Standing) => !isReported && heldUntil !== null && now < heldUntil;

/**
 * Whether the same request may be answered again with this decision: never a second permission to act (I10). An approved
 * ask is no permission by itself, because its permit is taken once.
 */
export function isRepeatable(decided: ActionDecided, standing: Standing): boolean {
  if (decided.verdict === 'block') return true;
  if (decided.verdict === 'allow') return isStillValid(standing);
  const state = stateOf(decided, standing);
  return state === 'pending' || state === 'approved';
}

/**
 * Says a decision to its agent, as much of it as the policies in force want told.
 *
 * @param figures those of `decided.budgets`, from whoever just decided; otherwise they are read from the record.
 */
export function viewOf(
  decided: ActionDecided,
  standing: Standing,
  repeat: boolean,
  figures: readonly Figures[] = heldBy(decided, standing).budgets.map(figuresOf),
): DecisionView {
  const state = stateOf(decided, standing);
  const { decisionId, requestId, verdict, reasons, shadow = [], explain, retryAt, digest } = decided;
  const { budgets, hold } = heldBy(decided, standing);
  return {
    id: decisionId,
    requestId,
    verdict,
    state,
    next: nextOf(verdict, state, standing),
    repeat,
    reasons: reasonsTold(reasons, explain),
    approval: approvalView(decided, state, standing.approval),
    hold: hold && holdView(budgets, figures, standing.heldUntil ?? hold.expiresAt),
    validUntil: timeOrNull(standing.heldUntil),
    retryAt: timeOrNull(retryAt),
    shadow: shadow.map((one) => ({ ...one, reasons: reasonsTold(one.reasons, explain) })),
    budgets: budgets.map((figure, index) => budgetView(figure, figures[index] as Figures)),
    actionDigest: `sha256:${standing.approval?.digest ?? digest.value}`,
    position: standing.position,
    decidedAt: toIso(standing.decidedAt),
    ...(standing.taken && { takenAt: toIso(standing.taken.at) }),
  };
}

/** What held the money: the decision itself, or the take of its permit. */
const heldBy = (decided: ActionDecided, { taken }: Standing): Pick<ActionDecided, 'budgets' | 'hold'> =>
  taken?.take ?? decided;

/**
 * Says to its agent what became of one take. It is the decision with what it may do now; a take that was refused is
 * answered as a block, with its own reasons, and leaves the decision as it was.
 */
export function takeViewOf(
  decided: ActionDecided,
  standing: Standing,
  { take, position }: DecidedTake,
): DecisionDetail {
  const view = detailOf(decided, standing);
  if (take.verdict === 'allow') return { ...view, next: isStillValid(standing) ? 'act' : 'stop' };
  const { reasons, explain, budgets, retryAt } = take;
  return {
    ...view,
    verdict: 'block',
    next: 'stop',
    reasons: reasonsTold(reasons, explain),
    budgets: budgets.map((figure) => budgetView(figure, figuresOf(figure))),
    retryAt: timeOrNull(retryAt),
    position,
  };
}

/** The same with the action, as it was recorded, and as people changed it. */
export function detailOf(decided: ActionDecided, standing: Standing): DecisionDetail {
  const editedArgs = standing.approval?.editedArgs ?? null;
  const action = editedArgs === null ? decided.action : { ...decided.action, args: editedArgs };
  return { ...viewOf(decided, standing, false), action };
}

function stateOf(decided: ActionDecided, standing: Standing): DecisionState {
  const { verdict } = decided;
  if (verdict === 'ask' && !standing.taken) return stateOfAsk(decided, standing);
  if (verdict === 'ask' && isStillValid(standing)) return 'taken';
  if (standing.isReported) return 'reported';
  return verdict !== 'block' && !isStillValid(standing) ? 'expired' : 'decided';
}

function stateOfAsk({ approval }: ActionDecided, standing: Standing): DecisionState {
  if (standing.isCancelled) return 'cancelled';
  if (standing.approval) return stateOfApproval[standing.approval.status];
  return approval !== null && standing.now >= approval.expiresAt ? 'expired' : 'pending';
}

/** An agent has to know whether it may go on, not whether people said no before or after they had said yes. */
const stateOfApproval: Readonly<Record<ApprovalStatus, DecisionState>> = {
  pending: 'pending',
  approved: 'approved',
  denied: 'denied',
  withdrawn: 'denied',
  expired: 'expired',
  lapsed: 'expired',
  cancelled: 'cancelled',
  taken: 'taken',
};

function nextOf(verdict: ActionDecided['verdict'], state: DecisionState, standing: Standing): Next {
  if (verdict === 'allow') return isStillValid(standing) ? 'act' : 'stop';
  // Who has the permit was told so by the take: somebody else who reads this must not act as well.
  if (state === 'approved') return 'take';
  return state === 'pending' ? 'wait' : 'stop';
}

/** Reasons for their agent: as much as the policies want told, and no figures of budgets wider than the agent. */
export function reasonsTold(
  reasons: readonly RecordedReason[],
  explain: ActionDecided['explain'],
): readonly Partial<RecordedReason>[] {
  if (explain === 'full') return reasons.map(withoutWiderFigures);
  return reasons.map(({ code, effect, ...reason }) =>
    explain === 'none'
      ? { code, effect }
      : { code, effect, message: withoutWiderFigures({ code, effect, ...reason }).message },
  );
}

/** The same rule as for `budgets`: a reason must not tell what the list next to it hides. */
function withoutWiderFigures(reason: RecordedReason): RecordedReason {
  const scope = reason.detail?.['scope'];
  if (reason.code !== 'budget.exceeded' || (scope !== 'organization' && scope !== 'team')) return reason;
  const resetsAt = reason.detail?.['resetsAt'];
  const when = typeof resetsAt === 'number' ? `it resets ${toIso(resetsAt as Instant)}` : 'it does not reset';
  const { budget, unit, window } = reason.detail ?? {};
  return {
    ...reason,
    message: `the budget \`${reason.rule}\` of the ${scope} is used up; ${when}`,
    detail: { budget, scope, unit, window, resetsAt },
  };
}

function approvalView(
  decided: ActionDecided,
  state: DecisionState,
  standing: ApprovalStanding | null,
): ApprovalView | null {
  const { approval, verdict } = decided;
  const first = approval?.requirements[0];
  if (verdict !== 'ask' || !approval || !first) return null;
  const { expiresAt, permitExpiresAt, questions, feedback, editedArgs } = standing ?? { ...NEWLY_OPENED, ...approval };
  return {
    id: approval.id,
    team: first.team,
    quorum: first.quorum,
    state: statusOf(state, standing),
    expiresAt: toIso(expiresAt),
    ...{ questions, feedback },
    permitExpiresAt: timeOrNull(permitExpiresAt),
    edited: editedArgs !== null,
  };
}

/** Of an approval whose row was not read, only time is known. */
const statusOf = (state: DecisionState, standing: ApprovalStanding | null): ApprovalStatus =>
  standing?.status ?? (state === 'pending' ? 'pending' : 'expired');

const timeOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));

const NEWLY_OPENED = { questions: [], feedback: null, permitExpiresAt: null, editedArgs: null } as const;

/** The largest amount held in any one budget of a unit: what this action was allowed to cost. */
function holdView(budgets: readonly BudgetFigure[], figures: readonly Figures[], heldUntil: Instant): HoldView {
  const most: Partial<Record<Unit, bigint>> = {};
  const view: { -readonly [Field in keyof HoldView]: HoldView[Field] } = { expiresAt: toIso(heldUntil) };
  budgets.forEach(({ unit, asked }, index) => {
    const amount = figures[index]?.asked ?? 0n;
    if (amount <= (most[unit] ?? 0n)) return;
    most[unit] = amount;
    view[unit] = asked;
  });
  return view;
}

function budgetView(
  { budget: name, scope, window, unit, windowEnd, cap, spent, held, asked }: BudgetFigure,
  figures: Figures,
): BudgetView {
  const verdict = fits(figures) ? 'fits' : 'exceeded';
  const resetsAt = windowEnd === null ? null : toIso(windowEnd);
  if (isWiderThanAgent(scope)) return { name, scope, window, unit, verdict, resetsAt };
  const remaining = formatAmount(unit, figures.remaining);
  return { name, scope, window, unit, verdict, resetsAt, cap, spent, held, asked, remaining };
}

/** The numbers that a decision recorded as text. */
function figuresOf({ unit, cap, spent, held, asked }: BudgetFigure): Figures {
  const counter = { spent: parseSum(unit, spent), held: parseSum(unit, held) };
  return budgetFiguresOf(parseSum(unit, cap), counter, parseSum(unit, asked));
}
