import type {
  ActionCost,
  Amounts,
  OutcomeCost,
  PastAction,
  PriceRecord,
  SelectedBudget,
  SettledEntry,
  Subject,
} from '@countersign/budgets';
import { parseAmount, type AgentId, type Instant, type OrganizationId, type Unit } from '@countersign/kernel';
import type { ActionDecided, BudgetFigure, OutcomeReported, TakeDecided } from './decision.events.ts';

/** Where an event stands. */
export interface Place {
  readonly at: Instant;
  readonly position: number;
}

/** What was asked at one instant: the action itself, or more money for it later. */
interface Part extends Place {
  readonly asked: Amounts;
}

/** What an action really cost, as far as anybody said. Null is presumed to be what was asked. */
type Actual = Readonly<Record<Unit, bigint | null>>;

/** An allowed action, and what it came to so far. */
export interface PastAllow {
  readonly subject: Subject;
  readonly intent: string;
  readonly target: string;
  readonly hasCost: boolean;
  readonly parts: readonly Part[];
  readonly actual: Actual;
  /** The counters of budgets about to be opened that hold it, or held it until it ended, whatever their windows. */
  readonly heldBy: readonly string[];
  readonly agentId: AgentId;
  readonly expiresAt: Instant;
  /** Whether any budget holds or held it: what none does has no row, and ends by itself. */
  readonly isHeld: boolean;
  readonly hasEnded: boolean;
}

const unsaid: Actual = { usd: null, tokens: null, calls: null };
const released: Actual = { usd: 0n, tokens: 0n, calls: 0n };

export function allowOf(
  organization: OrganizationId,
  { agent, action, price, hold }: ActionDecided | TakeDecided,
  place: Place,
): Omit<PastAllow, 'heldBy' | 'isHeld'> {
  const { intent, target, cost, user = null, run = null } = action;
  return {
    subject: { organization, team: agent.team, agent: agent.id, user, run },
    intent,
    target,
    hasCost: cost !== undefined,
    parts: [{ ...place, asked: askedOf(cost, price) }],
    actual: unsaid,
    agentId: agent.id,
    expiresAt: hold?.expiresAt ?? place.at,
    hasEnded: false,
  };
}

function askedOf(cost: ActionCost | undefined, price: PriceRecord | undefined): Amounts {
  const tokens = cost === undefined ? null : tokensOf(cost, cost.maxOutputTokens ?? price?.outputTokens ?? null);
  return { usd: usdOf(price), tokens, calls: 1n };
}

const usdOf = (price: PriceRecord | undefined) => (price === undefined ? null : parseAmount('usd', price.usd));

function tokensOf(
  { usd, tokens, inputTokens = 0 }: Pick<OutcomeCost, 'usd' | 'tokens' | 'inputTokens'>,
  output: number | null,
) {
  if (usd !== undefined) return tokens === undefined ? null : BigInt(tokens);
  return output === null ? null : BigInt(inputTokens + output);
}

export function reported({ status, cost, price }: OutcomeReported): Actual {
  if (status === 'cancelled') return released;
  return { usd: usdOf(price), tokens: cost ? tokensOf(cost, cost.outputTokens ?? null) : null, calls: 1n };
}

/** An extension records no cost of its own, only what it asked of each budget: the same of each that counts a unit. */
export function extension(budgets: readonly BudgetFigure[], place: Place): Part {
  const most = (unit: Unit) =>
    budgets
      .filter((figure) => figure.unit === unit)
      .map(({ asked }) => parseAmount(unit, asked))
      .reduce(larger, 0n);
  return { ...place, asked: { usd: most('usd'), tokens: most('tokens'), calls: 0n } };
}

const larger = (one: bigint, other: bigint) => (one > other ? one : other);

/** Every budget of a unit was restated at the same cost, but each may have several entries: one for every extension. */
export function corrected(actual: Actual, entries: readonly SettledEntry[]): Actual {
  const restated = (unit: Unit) => {
    const sums = new Map<string, bigint>();
    const ofUnit = entries.filter((entry) => entry.unit === unit);
    if (ofUnit.length === 0) return actual[unit];
    if (ofUnit.some(({ isReported }) => !isReported)) return null;
    for (const { policy, budget, instance, settled } of ofUnit) {
      const key = `${policy}/${budget}/${instance}`;
      sums.set(key, (sums.get(key) ?? 0n) + settled);
    }
    return [...sums.values()].reduce(larger, 0n);
  };
  return { usd: restated('usd'), tokens: restated('tokens'), calls: restated('calls') };
}

type Charge = PastAction & Place;

/**
 * A hold belongs for ever to the windows it was made in, so each part is charged at its own instant. Parts fill in their
 * order and the last takes what remains or overruns, as settling a hold does. Only the budget's own unit is told.
 */
export function* chargesOf({ subject, parts, actual }: PastAllow, { unit, assume }: SelectedBudget): Iterable<Charge> {
  let left: bigint | null = actual[unit];
  for (const [index, { at, position, asked }] of parts.entries()) {
    const held = asked[unit] ?? assume ?? 0n;
    const isLast = index === parts.length - 1;
    const charged = left === null || (!isLast && held < left) ? held : left;
    left = left === null ? null : left - charged;
    yield { at, position, subject, amounts: { usd: null, tokens: null, calls: 0n, [unit]: charged } };
  }
}
