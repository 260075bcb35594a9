import {
  demandsOf,
  holdAll,
  maxNewKey,
  rateKey,
  reasonOfExceeded,
  reasonOfMaxNew,
  reasonOfMissing,
  reasonOfRate,
  tooMany,
  type BudgetReason,
  type Calendar,
  type Counters,
  type Demands,
  type HoldOutcome,
  type Subject,
} from '@countersign/budgets';
import { formatAmount, instant, type Instant } from '@countersign/kernel';
import type { ApprovalRequirement, SelectedBudget } from '@countersign/policy';
import type { Action } from './action.ts';
import type { BudgetFigure, RecordedReason, Verdict } from './decision.events.ts';
import type { RateWindow } from './enforcement-state.ts';
import { subjectOf, type Asker, type Judged } from './judge.ts';
import { agentReasons, policyReasons, priceReasons, type TimedReason } from './reasons.ts';

/** How long an allow may wait for its outcome when no rule says. */
const HOLD_MILLISECONDS = 15 * 60_000;

/** The facts under the lock. `counters` and `rates` hold at least the keys that `keysOf` names. */
export interface Facts {
  readonly now: Instant;
  readonly asker: Asker;
  readonly calendar: Calendar;
  readonly counters: Counters;
  readonly rates: { get(key: string): RateWindow | undefined };
}

/** An answer to one action, before ids, salts and words for the wire. */
export interface Judgement {
  readonly verdict: Verdict;
  /** First what decided, then what else matched. */
  readonly reasons: readonly RecordedReason[];
  readonly requirements: readonly ApprovalRequirement[];
  readonly budgets: readonly BudgetFigure[];
  readonly rates: readonly RateCount[];
  /** Set exactly on an allow. */
  readonly holdExpiresAt: Instant | null;
  readonly retryAt: Instant | null;
}

export interface RateCount {
  readonly key: string;
  readonly max: number;
  readonly name?: string;
}

/** When, and by whose days and months. */
export interface Moment {
  readonly calendar: Calendar;
  readonly now: Instant;
}

/** The rows that judging an action reads, so that whoever holds the lock loads exactly these. */
export function keysOf(judged: Judged, asker: Asker, action: Action, { calendar, now }: Moment) {
  const subject = subjectOf(asker, action);
  const { demands } = demandsFor(judged, subject, calendar, now);
  return { counters: demands.map(({ key }) => key), rates: ratesOf(judged, subject).map(({ key }) => key) };
}

/**
 * Decides one action against everything that counts: the agent, its policies, prices, budgets and rates. Pure; the
 * strictest wins, and money is held in every budget or in none (I2). Changes nothing: the caller folds the event.
 */
export function decide(judged: Judged, action: Action, facts: Facts): Judgement {
  const subject = subjectOf(facts.asker, action);
  const demands = demandsFor(judged, subject, facts.calendar, facts.now);
  const held = holdAll(demands.demands, facts.counters);
  const money = moneyReasons(demands, held);
  const rates = ratesOf(judged, subject);
  const tooFast = rates.flatMap((rate) => rate.judge(facts.rates.get(rate.key), facts.now) ?? []);

  const reasons = [
    ...agentReasons(facts.asker.agent, facts.now),
    ...policyReasons(judged.evaluation),
    ...priceReasons(judged),
    ...money,
    ...tooFast,
  ];
  const verdict = strictest(judged.evaluation.verdict, reasons);
  return {
    verdict,
    reasons: inOrder(verdict, reasons).map(withoutRetry),
    requirements: verdict === 'ask' ? requirementsOf(judged, held) : [],
    budgets: held.standings.map(figureOf),
    rates: rates.map(({ key, max, name }) => (name === undefined ? { key, max } : { key, max, name })),
    holdExpiresAt: verdict === 'allow' ? instant(facts.now + (judged.evaluation.holdForMs ?? HOLD_MILLISECONDS)) : null,
    retryAt: verdict === 'block' ? retryAtOfAll(reasons) : null,
  };
}

function demandsFor(
  { evaluation, metered }: Judged,
  subject: Subject,
  calendar: Calendar,
  at: Instant,
): Demands<SelectedBudget> {
  return demandsOf(evaluation.budgets, { amounts: metered.amounts, subject, at }, calendar);
}

function moneyReasons({ missing }: Demands, { exceeded }: HoldOutcome): readonly TimedReason[] {
  if (missing.length === 0 && exceeded.length === 0) return [];
  return [...missing.map(reasonOfMissing), ...exceeded.map(reasonOfExceeded)].map(recorded);
}

const recorded = ({ detail, ...reason }: BudgetReason): TimedReason => ({ ...reason, detail: { ...detail } });

interface JudgedRate extends RateCount {
  judge(log: RateWindow | undefined, now: Instant): TimedReason | null;
}

function ratesOf({ evaluation: { rates, maxNews } }: Judged, subject: Subject): readonly JudgedRate[] {
  if (rates.length === 0 && maxNews.length === 0) return NO_RATES;
  const limits = rates.map((rate) => ({
    key: rateKey(rate, subject),
    max: rate.max,
    judge: (log: RateWindow | undefined, now: Instant) => {
      const excess = tooMany(log?.at ?? [], rate, now);
      return excess && recorded(reasonOfRate(rate, subject, excess));
    },
  }));
  const newNames = maxNews.flatMap((limit) => {
    const name = subject[limit.kind];
    if (name === null) return [];
    const judge = (log: RateWindow | undefined, now: Instant) => {
      const excess = isKnown(log, name, now - limit.perMs) ? null : tooMany(log?.at ?? [], limit, now);
      return excess && recorded(reasonOfMaxNew(limit, excess));
    };
    return [{ key: maxNewKey(limit, subject), max: limit.max, name, judge }];
  });
  return [...limits, ...newNames];
}

const NO_RATES: readonly JudgedRate[] = [];

/** A run or user that was counted within the period is not new again. */
export function isKnown(log: RateWindow | undefined, name: string, since: number): boolean {
  const index = log?.names?.lastIndexOf(name) ?? -1;
  return index >= 0 && (log?.at[index] ?? 0) > since;
}

function strictest(verdict: Verdict, reasons: readonly TimedReason[]): Verdict {
  if (verdict === 'block' || reasons.some(({ effect }) => effect === 'block')) return 'block';
  return verdict === 'ask' || reasons.some(({ effect }) => effect === 'ask') ? 'ask' : 'allow';
}

/** What decided comes first; within, policy before prices before money, as they were judged. */
function inOrder(verdict: Verdict, reasons: readonly TimedReason[]): readonly TimedReason[] {
  return [...reasons.filter(({ effect }) => effect === verdict), ...reasons.filter(({ effect }) => effect !== verdict)];
}

function withoutRetry({ retryAt: _, ...reason }: TimedReason): RecordedReason {
  return reason;
}

/** The latest of all, because every reason has to be gone; null as soon as one never goes by itself. */
function retryAtOfAll(reasons: readonly TimedReason[]): Instant | null {
  let latest: Instant | null = null;
  for (const { effect, retryAt } of reasons) {
    if (effect !== 'block') continue;
    if (retryAt === undefined || retryAt === null) return null;
    if (latest === null || retryAt > latest) latest = retryAt;
  }
  return latest;
}

/** All asks that matched must be met: the policies', and those of the budgets that would be exceeded. */
function requirementsOf(
  { evaluation }: Judged,
  { exceeded }: HoldOutcome<SelectedBudget>,
): readonly ApprovalRequirement[] {
  const asked = exceeded.flatMap(({ demand }) => demand.budget.approval ?? []);
  if (asked.length === 0) return evaluation.requirements;

  const byTeam = new Map<string | null, ApprovalRequirement>();
  for (const one of [...evaluation.requirements, ...asked]) byTeam.set(one.team, met(byTeam.get(one.team), one));
  return [...byTeam.values()];
}

function met(known: ApprovalRequirement | undefined, one: ApprovalRequirement): ApprovalRequirement {
  if (!known) return one;
  return {
    ...known,
    quorum: Math.max(known.quorum, one.quorum),
    expiresInMs: Math.min(known.expiresInMs, one.expiresInMs),
    permitForMs: Math.min(known.permitForMs, one.permitForMs),
    neverAutoApprove: known.neverAutoApprove || one.neverAutoApprove,
  };
}

function figureOf({ demand, figures }: HoldOutcome['standings'][number]): BudgetFigure {
  const { policy, budget, scope, instance, unit, window, windowStart, windowEnd } = demand.entry;
  // Field by field: this runs for every budget of every decision, and a rest pattern takes as long as all else here.
  return {
    policy,
    budget,
    scope,
    instance,
    unit,
    window,
    windowStart,
    windowEnd,
    cap: formatAmount(unit, figures.cap),
    spent: formatAmount(unit, figures.spent),
    held: formatAmount(unit, figures.held),
    asked: formatAmount(unit, figures.asked),
  };
}
