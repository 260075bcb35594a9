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
  type CounterKey,
  type Counters,
  type Demands,
  type Figures,
  type HoldEntry,
  type HoldOutcome,
  type Subject,
} from '@countersign/budgets';
import type { BudgetAsk } from '@countersign/approvals';
import { formatAmount, instant, type Instant } from '@countersign/kernel';
import { defaultApproval, mergeRequirements, type ApprovalRequirement, type SelectedBudget } from '@countersign/policy';
import { stopsCovering, type CompiledStops, type Stop } from '@countersign/stops';
import type { Action } from './action.ts';
import type { BudgetFigure, RecordedReason, Verdict } from './decision.events.ts';
import type { RateWindow } from './enforcement-state.ts';
import { subjectOf, type Asker, type Judged } from './judge.ts';
import { agentReasons, policyReasons, priceReasons, stopReasons, type TimedReason } from './reasons.ts';

/** How long an allow may wait for its outcome when no rule says. */
const HOLD_MILLISECONDS = 15 * 60_000;

/** The facts under the lock. `counters` and `rates` hold at least the keys that `keysOf` names. */
export interface Facts {
  readonly now: Instant;
  readonly asker: Asker;
  readonly calendar: Calendar;
  /** Those in force. */
  readonly stops: CompiledStops;
  readonly counters: Counters;
  readonly rates: { get(key: string): RateWindow | undefined };
  /** What lets the action pass if policies ask; nothing, where it is left out. */
  readonly passage?: Passage;
}

/** An answer to one action, before ids, salts and words for the wire. */
export interface Judgement {
  readonly verdict: Verdict;
  /** First what decided, then what else matched. */
  readonly reasons: readonly RecordedReason[];
  /** Whom an ask asks; empty otherwise. */
  readonly requirements: readonly ApprovalRequirement[];
  /** The budgets that an ask would exceed and that people may raise; empty otherwise. */
  readonly budgetAsks: readonly BudgetAsk[];
  readonly budgets: readonly BudgetFigure[];
  /** The same as numbers, in the same order. */
  readonly figures: readonly Figures[];
  readonly rates: readonly RateCount[];
  /** Set exactly on an allow. */
  readonly holdExpiresAt: Instant | null;
  /** What an allow sets aside; empty otherwise. */
  readonly held: readonly HeldEntry[];
  readonly retryAt: Instant | null;
}

/** An amount set aside, and the counter it is set aside in. */
export interface HeldEntry {
  readonly key: CounterKey;
  readonly entry: HoldEntry;
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

/** What an action asks of budgets and rates at one instant: known under the lock, before any row is read. */
export interface Asked {
  readonly demands: Demands<SelectedBudget>;
  readonly rates: readonly JudgedRate[];
}

export function askedOf(judged: Judged, asker: Asker, action: Action, { calendar, now }: Moment): Asked {
  const subject = subjectOf(asker, action);
  const { amounts } = judged.metered;
  const demands = demandsOf(judged.evaluation.budgets, { amounts, subject, at: now }, calendar);
  return { demands, rates: ratesOf(judged, subject) };
}

/** The rows that judging an action reads, so that whoever holds the lock loads exactly these. */
export const keysOf = ({ demands: { demands }, rates }: Asked) => ({
  counters: demands.map(({ key }) => key),
  rates: rates.map(({ key }) => key),
});

/** What lets an action pass that policies ask people about: the grant they gave, or the permit that is being taken. */
export interface Passage {
  readonly reason: RecordedReason;
  /** By how much people raised which caps for this action alone. */
  readonly raises: ReadonlyMap<CounterKey, bigint>;
}

/**
 * Decides one action against everything that counts: the agent, its policies, prices, budgets and rates. Pure; the
 * strictest wins, and money is held in every budget or in none (I2). Changes nothing: the caller folds the event.
 */
export function decide(
  judged: Judged,
  action: Action,
  facts: Facts,
  asked = askedOf(judged, facts.asker, action, facts),
): Judgement {
  const passage = facts.passage ?? null;
  const outcome = holdAll(raised(asked.demands.demands, passage), facts.counters);
  const said = [...stopReasons(stopsOver(action, facts)), ...reasonsOf(judged, asked, outcome, facts)];
  const { verdict, reasons } = settle(strictest(judged.evaluation.verdict, said), said, outcome, passage);
  const isAsk = verdict === 'ask';
  const isAllowed = verdict === 'allow';
  return {
    verdict,
    reasons: inOrder(verdict, reasons).map(withoutRetry),
    requirements: isAsk ? requirementsOf(judged, outcome, facts) : NONE,
    budgetAsks: isAsk ? budgetAsksOf(outcome, facts) : NONE,
    budgets: figuresOf(outcome, passage),
    figures: outcome.standings.map(({ figures }) => figures),
    rates: asked.rates.map(countOf),
    holdExpiresAt: isAllowed ? holdEnd(judged, facts) : null,
    held: isAllowed ? outcome.held : NONE,
    retryAt: verdict === 'block' ? retryAtOfAll(reasons) : null,
  };
}

interface Settled {
  readonly verdict: Verdict;
  readonly reasons: readonly TimedReason[];
}

/** What people were asked passes by what they gave, unless a budget still asks. */
function settle(
  verdict: Verdict,
  reasons: readonly TimedReason[],
  { exceeded }: HoldOutcome,
  passage: Passage | null,
): Settled {
  const isPassed = verdict === 'ask' && passage !== null && exceeded.length === 0;
  return isPassed ? { verdict: 'allow', reasons: [passage.reason, ...reasons] } : { verdict, reasons };
}

const countOf = ({ key, max, name }: RateCount): RateCount => (name === undefined ? { key, max } : { key, max, name });

const holdEnd = ({ evaluation }: Judged, { now }: Facts) => instant(now + (evaluation.holdForMs ?? HOLD_MILLISECONDS));

const figuresOf = ({ standings }: HoldOutcome, passage: Passage | null): readonly BudgetFigure[] =>
  passage ? standings.map((each) => extendedFigure(each, passage)) : standings.map(figureOf);

const NONE: readonly never[] = [];

const stopsOver = ({ intent, target }: Action, { asker: { agent }, stops }: Facts): readonly Stop[] =>
  stops.size === 0 ? NONE : stopsCovering(stops, { agentId: agent.agentId, teamId: agent.teamId, intent, target });

/** Policy before prices before money before rates; most decisions have one reason, and it is a policy's. */
function reasonsOf(
  judged: Judged,
  { demands, rates }: Asked,
  outcome: HoldOutcome,
  { asker, now, rates: logs }: Facts,
): readonly TimedReason[] {
  const others = [agentReasons(asker.agent, now), priceReasons(judged), moneyReasons(demands, outcome)];
  const tooFast = rates.flatMap((rate) => rate.judge(logs.get(rate.key), now) ?? NONE);
  const written = policyReasons(judged.evaluation);
  if (tooFast.length === 0 && others.every(({ length }) => length === 0)) return written;
  const [agent = NONE, price = NONE, money = NONE] = others;
  return [...agent, ...written, ...price, ...money, ...tooFast];
}

function moneyReasons({ missing }: Demands, { exceeded }: HoldOutcome): readonly TimedReason[] {
  if (missing.length === 0 && exceeded.length === 0) return NONE;
  return [...missing.map(reasonOfMissing), ...exceeded.map(reasonOfExceeded)].map(recorded);
}

const recorded = ({ detail, ...reason }: BudgetReason): TimedReason => ({ ...reason, detail: { ...detail } });

export interface JudgedRate extends RateCount {
  judge(log: RateWindow | undefined, now: Instant): TimedReason | null;
}

function ratesOf({ evaluation: { rates, maxNews } }: Judged, subject: Subject): readonly JudgedRate[] {
  if (rates.length === 0 && maxNews.length === 0) return NONE;
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
  if (reasons.every(({ effect }) => effect === verdict)) return reasons;
  return [...reasons.filter(({ effect }) => effect === verdict), ...reasons.filter(({ effect }) => effect !== verdict)];
}

function withoutRetry(timed: TimedReason): RecordedReason {
  if (timed.retryAt === undefined) return timed;
  const { retryAt: _, ...reason } = timed;
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

/**
 * All asks that matched must be met: the policies', and those of the budgets that would be exceeded. What asks without
 * naming anybody, as an unknown price may, asks the agent's own team.
 */
function requirementsOf(
  { evaluation }: Judged,
  { exceeded }: HoldOutcome<SelectedBudget>,
  { asker: { team } }: Facts,
): readonly ApprovalRequirement[] {
  const asked = exceeded.flatMap(({ demand }) => demand.budget.approval ?? []);
  const all = [...evaluation.requirements, ...asked];
  return mergeRequirements(all.length === 0 ? [defaultApproval] : all, team.name, false);
}

function budgetAsksOf(
  { exceeded }: HoldOutcome<SelectedBudget>,
  { asker: { team: own } }: Facts,
): readonly BudgetAsk[] {
  if (exceeded.length === 0) return NONE;
  return exceeded.map(({ demand: { entry, budget } }) => {
    const { policy, budget: name, scope, instance, unit, window } = entry;
    const raiseMax = budget.raiseMax === null ? null : formatAmount(unit, budget.raiseMax);
    return { policy, budget: name, scope, instance, unit, window, team: budget.approval?.team ?? own.name, raiseMax };
  });
}

type SelectedDemand = Demands<SelectedBudget>['demands'][number];

/** The same demands, each under its cap of this moment and what people added to it. */
function raised(demands: readonly SelectedDemand[], passage: Passage | null): readonly SelectedDemand[] {
  if (passage === null || passage.raises.size === 0) return demands;
  const { raises } = passage;
  return demands.map((demand) => {
    const by = raises.get(demand.key);
    return by === undefined ? demand : { ...demand, budget: { ...demand.budget, cap: demand.budget.cap + by } };
  });
}

function extendedFigure(standing: HoldOutcome['standings'][number], { raises }: Passage): BudgetFigure {
  const by = raises.get(standing.demand.key);
  const figure = figureOf(standing);
  return by === undefined ? figure : { ...figure, extension: formatAmount(figure.unit, by) };
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
