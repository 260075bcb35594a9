import {
  openingOf,
  type BudgetEvent,
  type Calendar,
  type PastAction,
  type SelectedBudget,
  type Subject,
} from '@countersign/budgets';
import type { Instant } from '@countersign/kernel';
import { compileText, type AttachmentPoint, type CompiledPolicy, type PoliciesState } from '@countersign/policy';
import type { AnyEvent } from './catalog.ts';

/** A budget that begins to count actions which it did not count before. */
export interface BudgetOpening {
  readonly budget: SelectedBudget;
  /** Where it counts from now on and did not before; never empty. */
  readonly added: readonly AttachmentPoint[];
  /** Where it counted already: those actions are in its counters. */
  readonly counted: readonly AttachmentPoint[];
  readonly matches: CompiledPolicy['budgets'][number]['matches'];
}

export type BudgetOpened = Extract<BudgetEvent, { type: 'BudgetOpened' }>;

/** One event names so many counters at most: a budget of runs may have any number, and an event is read as a whole. */
const COUNTERS_MAX = 1_000;

/** One policy as it is in force: what counts, and where. */
interface InForce {
  readonly version: number;
  readonly policy: CompiledPolicy | null;
  readonly points: readonly AttachmentPoint[];
}

/**
 * The budgets that these events, not folded yet, make count what they did not count before: by a new version (also one
 * that ends a policy's time as a shadow) or a new attachment. A budget with `start: now` has no past and is left out.
 */
export function openingsOf(state: PoliciesState, events: readonly AnyEvent[]): readonly BudgetOpening[] {
  return events.flatMap((event) => {
    if (event.type !== 'PolicyPublished' && event.type !== 'PolicyAttached') return [];
    const before = inForce(state, event.data.name);
    const after =
      event.type === 'PolicyPublished'
        ? { ...before, version: event.data.version, policy: compiled(event.data.document) }
        : { ...before, points: [...before.points, event.data] };
    return newlyCounting(countingOf(before), countingOf(after));
  });
}

/** Since when the past counts for any of these budgets. Never later for an earlier `now`. */
export function openingsStart(openings: readonly BudgetOpening[], calendar: Calendar, now: Instant): Instant {
  return openings
    .map(({ budget }) => calendar.windowOf(budget.window, now).start)
    .reduce((earliest, start) => (start < earliest ? start : earliest), now);
}

/** Whether the opened budget counts an action that it did not count when it was decided. */
export function opens(
  { added, counted, matches }: BudgetOpening,
  { subject, intent, target, hasCost }: Selectable,
): boolean {
  const isAt = (point: AttachmentPoint) => covers(point, subject);
  return added.some(isAt) && !counted.some(isAt) && matches(intent, target, hasCost);
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

/** What each budget has already spent in its current windows. A window that spent nothing is not mentioned. */
export function openedBy(
  openings: readonly BudgetOpening[],
  past: Past,
  calendar: Calendar,
  now: Instant,
): readonly BudgetOpened[] {
  return openings.map((opening) =>
    withCounters(openingOf(opening.budget, past.countedBy(opening), calendar, now), hasSpent),
  );
}

const hasSpent = ({ spent }: Counter) => spent !== '0';

type Counter = BudgetOpened['data']['counters'][number];

/** The same opening with the counters that pass: those that are known already keep their figures. */
export function withCounters({ type, data }: BudgetOpened, passes: (counter: Counter) => boolean): BudgetOpened {
  return { type, data: { ...data, counters: data.counters.filter(passes) } };
}

/** As they are recorded: none for a budget without a past, several for one with very many counters. */
export function portioned({ type, data }: BudgetOpened): readonly BudgetOpened[] {
  return Array.from({ length: Math.ceil(data.counters.length / COUNTERS_MAX) }, (_, portion) => ({
    type,
    data: { ...data, counters: data.counters.slice(portion * COUNTERS_MAX, (portion + 1) * COUNTERS_MAX) },
  }));
}

function inForce(state: PoliciesState, name: string): InForce {
  const published = [...state.policies.values()].find((policy) => policy.name === name);
  const points = [...state.attachments.values()].filter((attachment) => attachment.name === name);
  return { version: published?.version ?? 0, policy: published ? compiled(published.document) : null, points };
}

/** A published policy that no longer parses must not be taken for one without budgets (I3). */
function compiled(document: string): CompiledPolicy {
  const { policy } = compileText(document);
  if (!policy) throw new Error('a published policy can no longer be read');
  return policy;
}

interface Counting extends Pick<BudgetOpening, 'budget' | 'matches'> {
  readonly points: readonly AttachmentPoint[];
}

/** Every budget that counts, once per scope it counts by, by its counters' identity. A shadow counts nothing. */
function countingOf({ version, policy, points }: InForce): ReadonlyMap<string, Counting> {
  const counting = new Map<string, Counting>();
  if (policy?.mode !== 'enforce') return counting;

  const matchers = new Map(policy.budgets.map(({ name, matches }) => [name, matches]));
  for (const point of points)
    for (const { selects: _, scope: declared, ...declaredBudget } of policy.document.budgets) {
      const scope = declared === 'attached' ? attachedScope(point) : declared;
      const budget = { policy: policy.name, version, layer: point.layer, ...declaredBudget, scope };
      const key = `${budget.name}/${scope}/${budget.unit}/${budget.window}`;
      const known = counting.get(key);
      const matches = matchers.get(budget.name) ?? (() => true);
      counting.set(key, known ? { ...known, points: [...known.points, point] } : { budget, matches, points: [point] });
    }
  return counting;
}

/** A limit of the short form counts each agent by itself, and on a user each user. */
const attachedScope = ({ layer }: AttachmentPoint) => (layer === 'user' ? ('user' as const) : ('agent' as const));

function newlyCounting(
  before: ReadonlyMap<string, Counting>,
  after: ReadonlyMap<string, Counting>,
): readonly BudgetOpening[] {
  return [...after].flatMap(([key, { budget, matches, points }]) => {
    const counted = before.get(key)?.points ?? [];
    const added = points.filter((point) => !counted.includes(point));
    return budget.startNow || added.length === 0 ? [] : [{ budget, matches, added, counted }];
  });
}

function covers({ layer, point }: AttachmentPoint, subject: Subject): boolean {
  return subject[layer] === point;
}
