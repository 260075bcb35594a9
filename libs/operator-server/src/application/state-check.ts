import {
  catalog,
  emptyEnforcement,
  EnforcementSnapshots,
  evolve,
  lastConfigurationIndex,
  type AnyEvent,
  type EnforcementState,
  type Recorded,
} from '@countersign/decisions';
import { toIso, type OrganizationId } from '@countersign/kernel';
import { Ledger, type RecordedEvent } from '@countersign/ledger';
import { Injectable } from '@nestjs/common';
import { compareStates, type StateDifference } from './compare-states.ts';
import { Redecider, type Redecision } from './redecider.ts';

export interface StateReport {
  /** Of the last event that was folded; -1 for an empty ledger. */
  readonly position: number;
  /** Whether the ledger is whole, the enforcement rows are what it gives, and every decision that could be decided again came out the same. */
  readonly agrees: boolean;
  /** The first position before it at which the ledger has no event; null when it has them all. */
  readonly missing: number | null;
  readonly rows: number;
  readonly rowsNotCovered: number;
  readonly differencesInAll: number;
  readonly differences: readonly StateDifference[];
  readonly redecided: {
    readonly same: number;
    readonly differentInAll: number;
    /** The first hundred. */
    readonly different: readonly { position: number; decidedAt: string; recorded: string; redecided: string }[];
    readonly notCovered: number;
    /** How many of them for which reason. */
    readonly notCoveredWhy: Readonly<Record<string, number>>;
  };
}

const PAGE_EVENTS = 500;
const DIFFERENT_MAX = 100;

/** Folds the whole ledger and compares: the rows that decisions depend on, and the decisions themselves. */
@Injectable()
export class StateCheck {
  constructor(
    private readonly ledger: Ledger,
    private readonly snapshots: EnforcementSnapshots,
  ) {}

  /** Takes as long as reading the ledger; holds no lock and no snapshot meanwhile. */
  async check(organizationId: OrganizationId): Promise<StateReport> {
    const { state: stored, size } = await this.snapshots.read(organizationId);
    const fold = new Fold();
    for (let from = 0; from < size; from += PAGE_EVENTS)
      (await this.ledger.readPositions(organizationId, { from, limit: Math.min(PAGE_EVENTS, size - from) })).forEach(
        (event) => fold.add(event),
      );
    const missing = fold.next < size ? fold.next : null;

    const comparison = compareStates(fold.state, stored, fold.erased);
    const redecided = fold.summary();
    const agrees = missing === null && comparison.differencesInAll === 0 && redecided.differentInAll === 0;
    return { position: size - 1, agrees, missing, ...comparison, redecided };
  }
}

/** The state so far, and how every decision on the way came out when decided again. */
class Fold {
  readonly state: EnforcementState = emptyEnforcement();
  /** What could not be folded, because its payload is gone. */
  readonly erased = { money: false, configuration: false };
  /** The position after the last event that follows those before it without a gap. */
  next = 0;
  readonly #redecider = new Redecider();
  readonly #different: StateReport['redecided']['different'][number][] = [];
  readonly #notCovered: Record<string, number> = {};
  #same = 0;
  #differentInAll = 0;

  add(recorded: RecordedEvent): void {
    const { content, type, streamVersion, recordedAt: at } = recorded;
    if (recorded.position === this.next) this.next += 1;
    if (!content) return this.#skip(type);
    const event = readEvent(type, content.payload);
    if (event.type === 'ActionDecided' || event.type === 'TakeDecided') {
      const { erased } = this;
      this.#note(recorded, this.#redecider.redecide(this.state, { decided: event.data, at, erased }));
    }
    this.#evolve({ event, at, streamVersion });
    if (lastConfigurationIndex([event]) === 0) this.#redecider.forgetStacks();
  }

  summary(): StateReport['redecided'] {
    const notCovered = Object.values(this.#notCovered).reduce((sum, count) => sum + count, 0);
    return {
      same: this.#same,
      differentInAll: this.#differentInAll,
      different: this.#different,
      notCovered,
      notCoveredWhy: this.#notCovered,
    };
  }

  /** A correction of an erased hold would take back what was never folded. */
  #evolve(recorded: Recorded<AnyEvent>): void {
    try {
      evolve(this.state, recorded);
    } catch (error) {
      if (!this.erased.money || !(error instanceof RangeError)) throw error;
    }
  }

  #skip(type: string): void {
    if (type === 'ActionDecided' || type === 'TakeDecided') this.#miss('its payload was erased');
    if (lastConfigurationIndex([{ type }]) === 0) this.erased.configuration = true;
    else this.erased.money = true;
  }

  #miss(why: string): void {
    this.#notCovered[why] = (this.#notCovered[why] ?? 0) + 1;
  }

  #note({ position, recordedAt }: RecordedEvent, redecision: Redecision): void {
    if (redecision.outcome === 'same') this.#same += 1;
    else if (redecision.outcome === 'not_covered') this.#miss(redecision.why);
    else {
      this.#differentInAll += 1;
      const { recorded, redecided } = redecision;
      if (this.#different.length < DIFFERENT_MAX)
        this.#different.push({ position, decidedAt: toIso(recordedAt), recorded, redecided });
    }
  }
}

function readEvent(type: string, payload: string): AnyEvent {
  const schema = catalog[type as keyof typeof catalog];
  if (!schema) throw new Error(`the ledger holds an event of the unknown type \`${type}\``);
  return { type, data: schema.parse(JSON.parse(payload)) } as AnyEvent;
}
