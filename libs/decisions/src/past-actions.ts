import {
  decodeSettlement,
  instanceOf,
  type Calendar,
  type HoldEntry,
  type PastAction,
  type SelectedBudget,
} from '@countersign/budgets';
import type { DecisionId, Instant, OrganizationId } from '@countersign/kernel';
import type { AnyEvent } from './catalog.ts';
import { opens, type BudgetOpened, type BudgetOpening } from './budget-openings.ts';
import { budgetIdentity } from './counting.ts';
import type { ActionDecided, TakeDecided } from './decision.events.ts';
import { EarlierOpenings } from './earlier-openings.ts';
import { allowOf, chargesOf, corrected, extension, reported, type PastAllow, type Place } from './past-allow.ts';

/** An action that nobody reported on yet. */
export interface RunningAction extends Pick<PastAllow, 'agentId' | 'expiresAt' | 'isHeld'> {
  readonly decisionId: DecisionId;
}

/**
 * What allowed actions came to, for budgets that are about to count them: the same amounts, in the same windows, that
 * those budgets would have counted had they been there all along. What is in their counters already is left out: it was
 * held there, or an earlier opening added it.
 *
 * From the ledger alone, so it knows what the ledger still knows. An allow whose payload was erased counts nothing, an
 * erased report or correction leaves what was asked or settled before, and a target that was redacted is matched as it
 * was recorded. A correction or extension says only the units that some budget counted at that time.
 */
export class PastActions {
  readonly #allows = new Map<DecisionId, PastAllow>();
  readonly #strays = new Set<DecisionId>();
  readonly #told = new Set<DecisionId>();
  readonly #earlier = new EarlierOpenings();
  readonly #opened;

  constructor(
    private readonly organizationId: OrganizationId,
    private readonly openings: readonly BudgetOpening[],
  ) {
    this.#opened = new Set(openings.map(({ budget }) => identityOf(budget)));
  }

  /** Adds one event, in the order of the ledger. Events that concern no past action change nothing. */
  add(event: AnyEvent, at: Instant, position: number): void {
    const place = { at, position };
    if (event.type === 'ActionDecided' || event.type === 'TakeDecided') this.#allow(event.data, place);
    else if (event.type === 'BudgetOpened') this.#open(event.data, position);
    else if ('decisionId' in event.data) this.#follow(event, event.data.decisionId, place);
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

  /** What one budget counts of them and has not counted yet. */
  *countedBy(opening: BudgetOpening): Iterable<PastAction> {
    const { budget } = opening;
    for (const allow of this.#allows.values()) {
      if (!isMissed(allow, opening)) continue;
      for (const { position, ...charge } of chargesOf(allow, budget))
        if (!this.#isAdded(allow, { position }, budget)) yield charge;
    }
  }

  /**
   * Those that may still be running and that some budget has not counted yet, in the order of their decisions. Of one that
   * was held, the row of its hold says.
   */
  *running(now: Instant): Iterable<RunningAction> {
    for (const [decisionId, allow] of this.#allows) {
      const { agentId, expiresAt, isHeld, hasEnded } = allow;
      const mayRun = !hasEnded && (isHeld || expiresAt > now);
      if (mayRun && this.openings.some((opening) => isMissed(allow, opening)))
        yield { decisionId, agentId, expiresAt, isHeld };
    }
  }

  /**
   * What one budget holds of an action that is running, as if it had held it from the beginning: nothing, where it counts
   * the action already, does not select it, or is in a later window.
   */
  heldFrom(opening: BudgetOpening, decisionId: DecisionId, calendar: Calendar, now: Instant): readonly HoldEntry[] {
    const { budget } = opening;
    const allow = this.#allows.get(decisionId);
    if (!allow || !isMissed(allow, opening)) return [];
    const { policy, name, scope, unit, window } = budget;
    const instance = instanceOf(scope, allow.subject);
    const { start: current } = calendar.windowOf(window, now);
    const isCounted = allow.parts.some((part) => this.#isAdded(allow, part, budget));
    if (isCounted || allow.parts.every(({ at }) => at < current)) return [];
    return allow.parts.map(({ at, asked }) => {
      const { start: windowStart, end: windowEnd } = calendar.windowOf(window, at);
      const amount = asked[unit] ?? budget.assume ?? 0n;
      return { policy, budget: name, scope, instance, unit, window, windowStart, windowEnd, amount };
    });
  }

  /** Whether an earlier opening added it, as spent. */
  #isAdded({ subject }: PastAllow, { position }: Pick<Place, 'position'>, budget: SelectedBudget): boolean {
    return this.#earlier.include(identityOf(budget), instanceOf(budget.scope, subject), { subject, position });
  }

  /** Only what some budget counts is remembered: a window may hold the whole ledger. */
  #allow(decided: ActionDecided | TakeDecided, place: Place): void {
    if (decided.verdict !== 'allow') return;
    const { budgets } = decided;
    const held = { heldBy: this.#heldBy(budgets), isHeld: budgets.length > 0 };
    const allow = { ...allowOf(this.organizationId, decided, place), ...held };
    if (this.openings.some((opening) => opens(opening, allow))) this.#allows.set(decided.decisionId, allow);
  }

  #open(opened: BudgetOpened['data'], position: number): void {
    if (this.#opened.has(budgetIdentity(opened))) this.#earlier.add(opened, position);
  }

  #follow(event: AnyEvent, decisionId: DecisionId, place: Place): void {
    const known = this.#allows.get(decisionId);
    if (known) this.#allows.set(decisionId, this.#after(known, event, place));
    else if (event.type === 'ExtensionDecided' && event.data.verdict === 'allow') this.#strays.add(decisionId);
  }

  #heldBy(addresses: readonly BudgetAddress[]): readonly string[] {
    return addresses.filter((address) => this.#opened.has(budgetIdentity(address))).map(counterOf);
  }

  /** Expiry changes nothing of what it came to: what was asked is presumed spent, and until then it is held. */
  #after(allow: PastAllow, event: AnyEvent, place: Place): PastAllow {
    switch (event.type) {
      case 'OutcomeReported':
        return { ...allow, actual: reported(event.data), hasEnded: true };
      case 'HoldExpired':
        return { ...allow, hasEnded: true };
      case 'HoldWidened':
        return { ...allow, heldBy: [...allow.heldBy, ...this.#heldBy(event.data.entries)], isHeld: true };
      case 'HoldCorrected':
        return { ...allow, actual: corrected(allow.actual, decodeSettlement(event.data.after)) };
      case 'ExtensionDecided':
        return event.data.verdict === 'allow' ? this.#extended(allow, event.data, place) : allow;
      default:
        return allow;
    }
  }

  #extended(allow: PastAllow, { budgets, expiresAt }: Extended, place: Place): PastAllow {
    const parts = [...allow.parts, extension(budgets, place)];
    return { ...allow, parts, expiresAt, heldBy: [...allow.heldBy, ...this.#heldBy(budgets)] };
  }
}

type BudgetAddress = Parameters<typeof budgetIdentity>[0] & { readonly instance: string };
type Extended = Extract<AnyEvent, { type: 'ExtensionDecided' }>['data'];

/**
 * Whether a budget that opens selects it and did not hold it. What is settled in a budget is settled there as a whole, so
 * it is no matter which part was held.
 */
const isMissed = (allow: PastAllow, opening: BudgetOpening) =>
  !allow.heldBy.includes(ownCounterOf(opening.budget, allow)) && opens(opening, allow);

const counterOf = (address: BudgetAddress) => `${budgetIdentity(address)}/${address.instance}`;

const ownCounterOf = (budget: SelectedBudget, { subject }: PastAllow) =>
  counterOf({ ...budget, budget: budget.name, instance: instanceOf(budget.scope, subject) });

const identityOf = (budget: SelectedBudget) => budgetIdentity({ ...budget, budget: budget.name });
