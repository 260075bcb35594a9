import type { Instant } from '@countersign/kernel';
import { figuresOf, fits, unused, type Counter, type CounterKey, type Figures } from './counter.ts';
import { hasTwins, type Demand } from './demand.ts';
import type { HoldEntry } from './hold.ts';
import type { SelectedBudget } from './selected-budget.ts';

/** Counters as the transaction sees them; an absent one has used nothing. A `Map` will do. */
export interface Counters {
  get(key: CounterKey): Counter | undefined;
}

/** How one budget judged one action. */
export interface Standing<Budget extends SelectedBudget = SelectedBudget> {
  readonly demand: Demand<Budget>;
  readonly figures: Figures;
  readonly isExceeded: boolean;
  /** The first instant of the next window; null when this one never ends. */
  readonly resetsAt: Instant | null;
}

export interface HoldOutcome<Budget extends SelectedBudget = SelectedBudget> {
  /** One per demand, in its order, exceeded or not. */
  readonly standings: readonly Standing<Budget>[];
  /** Those that do not fit. Empty means that the action may hold. */
  readonly exceeded: readonly Standing<Budget>[];
  /** What to hold: one demand for every counter, or none at all when anything is exceeded. */
  readonly held: readonly Demand<Budget>[];
  /** The entries of `held`. */
  readonly entries: readonly HoldEntry[];
}

/** Checks every demand and holds in all of them or in none (I2). Changes nothing: the caller applies the movements. */
export function holdAll<Budget extends SelectedBudget>(
  demands: readonly Demand<Budget>[],
  counters: Counters,
): HoldOutcome<Budget> {
  const standings = demands.map((demand) => judge(demand, counters.get(demand.key) ?? unused));
  const exceeded = standings.some(isExceeding) ? standings.filter(isExceeding) : NOTHING;
  const held = exceeded.length > 0 ? NOTHING : onePerCounter(demands);
  return { standings, exceeded, held, entries: held.map(({ entry }) => entry) };
}

const NOTHING: readonly never[] = [];

const isExceeding = ({ isExceeded }: Standing) => isExceeded;

function judge<Budget extends SelectedBudget>(demand: Demand<Budget>, counter: Counter): Standing<Budget> {
  const figures = figuresOf(demand.budget.cap, counter, demand.entry.amount);
  return { demand, figures, isExceeded: !fits(figures), resetsAt: demand.entry.windowEnd };
}

/** Two demands on one counter hold once. */
function onePerCounter<Budget extends SelectedBudget>(demands: readonly Demand<Budget>[]): readonly Demand<Budget>[] {
  if (!hasTwins(demands)) return demands;
  return [...new Map(demands.map((demand) => [demand.key, demand])).values()];
}

/** What exceeded budgets make of an action: one that blocks outweighs any number that ask. */
export function effectOf(exceeded: readonly Standing[]): 'block' | 'ask' {
  return exceeded.every(({ demand }) => demand.budget.onExceed === 'ask') ? 'ask' : 'block';
}

/**
 * When asking again can first succeed by itself: when the last exceeded window has ended. Null: never as asked, because
 * one cap is below what is asked, or its window never ends.
 */
export function retryAtOf(exceeded: readonly Pick<Standing, 'figures' | 'resetsAt'>[]): Instant | null {
  let latest: Instant | null = null;
  for (const { figures, resetsAt } of exceeded) {
    if (resetsAt === null || figures.asked > figures.cap) return null;
    if (latest === null || resetsAt > latest) latest = resetsAt;
  }
  return latest;
}
