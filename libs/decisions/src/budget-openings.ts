import { openingOf, type BudgetEvent, type Calendar, type PastAction, type Subject } from '@countersign/budgets';
import type { Instant } from '@countersign/kernel';
import type { AnyEvent } from './catalog.ts';
import { changesBy, countingOf, covers, isOwn, type Counting, type CountingState, type Points } from './counting.ts';

/** A budget that begins to count actions which it did not count before. */
export interface BudgetOpening extends Pick<Counting, 'budget' | 'matches'> {
  /** Where it counts from now on and did not before; never empty. */
  readonly added: Points;
  /** Where it counted already: those actions are in its counters. */
  readonly counted: Points;
}

export type BudgetOpened = Extract<BudgetEvent, { type: 'BudgetOpened' }>;

/** One event names so many counters at most: a budget of runs may have any number, and an event is read as a whole. */
const COUNTERS_MAX = 1_000;

/**
 * The budgets that these events, not folded yet, make count what they did not count before: by a new version (also one
 * that ends a policy's time as a shadow), a new attachment, or an agent that comes into a team. A budget with `start: now`
 * has no past and is left out.
 */
export function openingsOf(state: CountingState, events: readonly AnyEvent[]): readonly BudgetOpening[] {
  return events
    .flatMap((event) => changesBy(state, event))
    .flatMap(({ before, after }) => newlyCounting(countingOf(before), countingOf(after)));
}

/** Since when the past counts for any of these budgets. Never later for an earlier `now`. */
export function openingsStart(openings: readonly BudgetOpening[], calendar: Calendar, now: Instant): Instant {
  return openings
    .map(({ budget }) => calendar.windowOf(budget.window, now).start)
    .reduce((earliest, start) => (start < earliest ? start : earliest), now);
}

/** Whether the opened budget counts an action at a point where it did not count before. */
export function opens(
  { added, counted, matches }: BudgetOpening,
  { subject, intent, target, hasCost }: Selectable,
): boolean {
  return covers(added, subject) && !covers(counted, subject) && matches(intent, target, hasCost);
}

interface Selectable {
  readonly subject: Subject;
  readonly intent: string;
  readonly target: string;
  readonly hasCost: boolean;
}

interface Past {
  countedBy(opening: BudgetOpening): Iterable<PastAction>;
}

/** What to add to the current windows of each budget. A window to which nothing is added is not mentioned. */
export function openedBy(
  openings: readonly BudgetOpening[],
  past: Past,
  calendar: Calendar,
  now: Instant,
): readonly BudgetOpened[] {
  return openings.map((opening) => {
    const { type, data } = openingOf(opening.budget, past.countedBy(opening), calendar, now);
    const points = [...opening.added.values()];
    return { type, data: { ...data, counters: data.counters.filter(({ spent }) => spent !== '0'), points } };
  });
}

/** As they are recorded: none for a budget without a past, several for one with very many counters. */
export function portioned({ type, data }: BudgetOpened): readonly BudgetOpened[] {
  return Array.from({ length: Math.ceil(data.counters.length / COUNTERS_MAX) }, (_, portion) => {
    const counters = data.counters.slice(portion * COUNTERS_MAX, (portion + 1) * COUNTERS_MAX);
    return { type, data: { ...data, counters, ...pointsOf({ ...data, counters }) } };
  });
}

/** Without the agents of a team that had nothing to add, because a team may have very many. */
function pointsOf({ scope, counters, points }: BudgetOpened['data']): Pick<BudgetOpened['data'], 'points'> {
  if (!points || !isOwn(scope)) return {};
  const agents = new Set(counters.map(({ instance }) => instance.split('/', 1)[0]));
  return { points: points.filter(({ layer, point }) => layer !== 'agent' || agents.has(point)) };
}

function newlyCounting(
  before: ReadonlyMap<string, Counting>,
  after: ReadonlyMap<string, Counting>,
): readonly BudgetOpening[] {
  return [...after].flatMap(([key, { budget, matches, points }]) => {
    const counted: Points = before.get(key)?.points ?? new Map();
    const added = new Map([...points].filter(([point]) => !counted.has(point)));
    return budget.startNow || added.size === 0 ? [] : [{ budget, matches, added, counted }];
  });
}
