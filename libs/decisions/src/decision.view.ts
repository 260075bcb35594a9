import { isWiderThanAgent } from '@countersign/budgets';
import { formatAmount, parseAmount, toIso, type Instant, type Unit } from '@countersign/kernel';
import type { ActionDecided, BudgetFigure, RecordedAction, RecordedReason } from './decision.events.ts';
import type { DecisionHistory } from './history.ts';

export type DecisionState = 'decided' | 'pending' | 'expired' | 'cancelled' | 'reported';
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
}

/** The decision with the action it is about, for whoever comes back to it. */
export interface DecisionDetail extends DecisionView {
  readonly action: RecordedAction;
}

interface ApprovalView {
  readonly id: string;
  readonly team: string;
  readonly quorum: number;
  readonly state: 'pending' | 'expired' | 'cancelled';
  readonly expiresAt: string;
  readonly questions: readonly never[];
  readonly feedback: null;
  readonly permitExpiresAt: null;
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
  readonly now: Instant;
}

export const standingOf = (history: DecisionHistory, now: Instant): Standing => ({
  position: history.position,
  decidedAt: history.decidedAt ?? now,
  isReported: history.outcome !== null,
  isCancelled: history.isCancelled,
  heldUntil: history.heldUntil,
  now,
});

/** Until when an allow may be acted on: as long as its money is held. */
const isStillValid = ({ isReported, heldUntil, now }: Standing) => !isReported && heldUntil !== null && now < heldUntil;

/** Whether the same request may be answered again with this decision: never a second permission to act (I10). */
export function isRepeatable({ verdict, approval }: ActionDecided, standing: Standing): boolean {
  if (verdict === 'block') return true;
  if (verdict === 'allow') return isStillValid(standing);
  return !standing.isCancelled && approval !== null && standing.now < approval.expiresAt;
}

/** Says a decision to its agent, as much of it as the policies in force want told. */
export function viewOf(decided: ActionDecided, standing: Standing, repeat: boolean): DecisionView {
  const state = stateOf(decided, standing);
  const { decisionId, requestId, verdict, reasons, shadow = [], budgets, explain, hold, retryAt, digest } = decided;
  return {
    id: decisionId,
    requestId,
    verdict,
    state,
    next: nextOf(verdict, state, standing),
    repeat,
    reasons: reasonsTold(reasons, explain),
    approval: approvalView(decided, state),
    hold:
      hold && standing.heldUntil !== null ? { ...heldAmounts(budgets), expiresAt: toIso(standing.heldUntil) } : null,
    validUntil: standing.heldUntil === null ? null : toIso(standing.heldUntil),
    retryAt: retryAt === null ? null : toIso(retryAt),
    shadow: shadow.map((one) => ({ ...one, reasons: reasonsTold(one.reasons, explain) })),
    budgets: budgets.map(budgetView),
    actionDigest: `sha256:${digest.value}`,
    position: standing.position,
    decidedAt: toIso(standing.decidedAt),
  };
}

/** The same with the action, as it was recorded. */
export const detailOf = (decided: ActionDecided, standing: Standing): DecisionDetail => ({
  ...viewOf(decided, standing, false),
  action: decided.action,
});

function stateOf({ verdict, approval }: ActionDecided, standing: Standing): DecisionState {
  if (verdict === 'ask') {
    if (standing.isCancelled) return 'cancelled';
    return approval !== null && standing.now >= approval.expiresAt ? 'expired' : 'pending';
  }
  if (standing.isReported) return 'reported';
  return verdict === 'allow' && !isStillValid(standing) ? 'expired' : 'decided';
}

function nextOf(verdict: ActionDecided['verdict'], state: DecisionState, standing: Standing): Next {
  if (verdict === 'allow') return isStillValid(standing) ? 'act' : 'stop';
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

function approvalView({ approval, verdict }: ActionDecided, state: DecisionState): ApprovalView | null {
  const first = approval?.requirements[0];
  if (verdict !== 'ask' || !approval || !first) return null;
  return {
    id: approval.id,
    team: first.team,
    quorum: first.quorum,
    state: state === 'cancelled' || state === 'expired' ? state : 'pending',
    expiresAt: toIso(approval.expiresAt),
    questions: [],
    feedback: null,
    permitExpiresAt: null,
  };
}

/** The largest amount held in any one budget of a unit: what this action was allowed to cost. */
function heldAmounts(budgets: readonly BudgetFigure[]): Partial<Record<Unit, string>> {
  const amounts: Partial<Record<Unit, bigint>> = {};
  for (const { unit, asked } of budgets) {
    const amount = parseAmount(unit, asked);
    if (amount > (amounts[unit] ?? 0n)) amounts[unit] = amount;
  }
  return Object.fromEntries(
    Object.entries(amounts).map(([unit, amount]) => [unit, formatAmount(unit as Unit, amount)]),
  );
}

function budgetView({
  budget: name,
  scope,
  window,
  unit,
  windowEnd,
  cap,
  spent,
  held,
  asked,
}: BudgetFigure): BudgetView {
  const used = decimal(spent) + decimal(held);
  const remaining = decimal(cap) - used;
  const verdict = decimal(asked) <= remaining ? ('fits' as const) : ('exceeded' as const);
  const known = { name, scope, window, unit, verdict, resetsAt: windowEnd === null ? null : toIso(windowEnd) };
  if (isWiderThanAgent(scope)) return known;
  return { ...known, cap, spent, held, asked, remaining: formatAmount('usd', remaining) };
}

/** Sums may exceed what one amount may be; nine places fit every unit, and are only subtracted and written back. */
function decimal(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(9, '0'));
}
