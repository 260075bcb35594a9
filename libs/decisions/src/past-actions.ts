import {
  decodeSettlement,
  type Amounts,
  type OutcomeCost,
  type PastAction,
  type PriceRecord,
  type SelectedBudget,
  type SettledEntry,
  type Subject,
} from '@countersign/budgets';
import { parseAmount, type DecisionId, type Instant, type OrganizationId, type Unit } from '@countersign/kernel';
import type { AnyEvent } from './catalog.ts';
import { opens, type BudgetOpening } from './budget-openings.ts';
import type { ActionDecided, BudgetFigure, OutcomeReported } from './decision.events.ts';

/** What was asked at one instant: the action itself, or more money for it later. */
interface Part {
  readonly at: Instant;
  readonly asked: Amounts;
}

/** What an action really cost, as far as anybody said. Null is presumed to be what was asked. */
type Actual = Readonly<Record<Unit, bigint | null>>;

/** An allowed action, and what it came to so far. */
interface PastAllow {
  readonly subject: Subject;
  readonly intent: string;
  readonly target: string;
  readonly hasCost: boolean;
  readonly parts: readonly Part[];
  readonly actual: Actual;
}

const unsaid: Actual = { usd: null, tokens: null, calls: null };
const released: Actual = { usd: 0n, tokens: 0n, calls: 0n };

/**
 * What allowed actions came to, for budgets that are about to count them: the same amounts, in the same windows, that
 * those budgets would have counted had they been there all along.
 *
 * From the ledger alone, so it knows what the ledger still knows. An allow whose payload was erased counts nothing, an
 * erased report or correction leaves what was asked or settled before, and a target that was redacted is matched as it
 * was recorded. A correction or extension says only the units that some budget counted at that time.
 */
export class PastActions {
  readonly #allows = new Map<DecisionId, PastAllow>();
  readonly #strays = new Set<DecisionId>();
  readonly #told = new Set<DecisionId>();

  constructor(
    private readonly organizationId: OrganizationId,
    private readonly openings: readonly BudgetOpening[],
  ) {}

  /** Adds one event, in the order of the ledger. Events that concern no past action change nothing. */
  add(event: AnyEvent, at: Instant): void {
    if (event.type === 'ActionDecided') return this.#allow(event.data, at);
    if (!('decisionId' in event.data)) return;

    const { decisionId } = event.data;
    const known = this.#allows.get(decisionId);
    if (known) this.#allows.set(decisionId, after(known, event, at));
    else if (event.type === 'ExtensionDecided' && event.data.verdict === 'allow') this.#strays.add(decisionId);
  }

  /**
   * Decisions that were extended, and whose own event was not among those added: most are of no concern, but one from
   * before the first event may have been given money since. Whoever has their whole streams adds them. Each is told once.
   */
  takeStrays(): readonly DecisionId[] {
    const strays = [...this.#strays].filter((decisionId) => !this.#told.has(decisionId));
    for (const decisionId of strays) this.#told.add(decisionId);
    this.#strays.clear();
    return strays;
  }

  /** What one budget counts of them. */
  *countedBy(opening: BudgetOpening): Iterable<PastAction> {
    for (const allow of this.#allows.values()) if (opens(opening, allow)) yield* chargesOf(allow, opening.budget);
  }

  /** Only what some budget counts is remembered: a window may hold the whole ledger. */
  #allow(decided: ActionDecided, at: Instant): void {
    if (decided.verdict !== 'allow') return;
    const allow = allowOf(this.organizationId, decided, at);
    if (this.openings.some((opening) => opens(opening, allow))) this.#allows.set(decided.decisionId, allow);
  }
}

function allowOf(organization: OrganizationId, { agent, action, price }: ActionDecided, at: Instant): PastAllow {
  const { intent, target, cost, user = null, run = null } = action;
  const tokens = cost === undefined ? null : tokensOf(cost, cost.maxOutputTokens ?? price?.outputTokens ?? null);
  return {
    subject: { organization, team: agent.team, agent: agent.id, user, run },
    intent,
    target,
    hasCost: cost !== undefined,
    parts: [{ at, asked: { usd: usdOf(price), tokens, calls: 1n } }],
    actual: unsaid,
  };
}

const usdOf = (price: PriceRecord | undefined) => (price === undefined ? null : parseAmount('usd', price.usd));

function tokensOf(
  { usd, tokens, inputTokens = 0 }: Pick<OutcomeCost, 'usd' | 'tokens' | 'inputTokens'>,
  output: number | null,
) {
  if (usd !== undefined) return tokens === undefined ? null : BigInt(tokens);
  return output === null ? null : BigInt(inputTokens + output);
}

/** Expiry changes nothing: what was asked is presumed spent, and until then it is held. */
function after(allow: PastAllow, event: AnyEvent, at: Instant): PastAllow {
  switch (event.type) {
    case 'OutcomeReported':
      return { ...allow, actual: reported(event.data) };
    case 'HoldCorrected':
      return { ...allow, actual: corrected(allow.actual, decodeSettlement(event.data.after)) };
    case 'ExtensionDecided':
      return event.data.verdict === 'allow'
        ? { ...allow, parts: [...allow.parts, extension(event.data.budgets, at)] }
        : allow;
    default:
      return allow;
  }
}

function reported({ status, cost, price }: OutcomeReported): Actual {
  if (status === 'cancelled') return released;
  return { usd: usdOf(price), tokens: cost ? tokensOf(cost, cost.outputTokens ?? null) : null, calls: 1n };
}

/** An extension records no cost of its own, only what it asked of each budget: the same of each that counts a unit. */
function extension(budgets: readonly BudgetFigure[], at: Instant): Part {
  const most = (unit: Unit) =>
    budgets
      .filter((figure) => figure.unit === unit)
      .map(({ asked }) => parseAmount(unit, asked))
      .reduce(larger, 0n);
  return { at, asked: { usd: most('usd'), tokens: most('tokens'), calls: 0n } };
}

const larger = (one: bigint, other: bigint) => (one > other ? one : other);

/** Every budget of a unit was restated at the same cost, but each may have several entries: one for every extension. */
function corrected(actual: Actual, entries: readonly SettledEntry[]): Actual {
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

/**
 * A hold belongs for ever to the windows it was made in, so each part is charged at its own instant. Parts fill in their
 * order and the last takes what remains or overruns, as settling a hold does. Only the budget's own unit is told.
 */
function* chargesOf({ subject, parts, actual }: PastAllow, { unit, assume }: SelectedBudget): Iterable<PastAction> {
  let left: bigint | null = actual[unit];
  for (const [index, { at, asked }] of parts.entries()) {
    const held = asked[unit] ?? assume ?? 0n;
    const isLast = index === parts.length - 1;
    const charged = left === null || (!isLast && held < left) ? held : left;
    left = left === null ? null : left - charged;
    yield { at, subject, amounts: { usd: null, tokens: null, calls: 0n, [unit]: charged } };
  }
}
