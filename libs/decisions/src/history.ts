import { decodeHold, decodeSettlement, expire, type HoldEntry, type SettledEntry } from '@countersign/budgets';
import type { Instant } from '@countersign/kernel';
import type { ActionDecided, DecisionEvent, OutcomeReported, TakeDecided } from './decision.events.ts';
import { chargedEntries, entriesOf } from './evolve-money.ts';

/** One event of a decision's stream, in its place. */
export interface DecisionFact {
  readonly event: DecisionEvent;
  readonly position: number;
  readonly recordedAt: Instant;
}

/** One take of the decision's permit, allowed or not. */
export interface DecidedTake {
  readonly take: TakeDecided;
  readonly position: number;
  readonly at: Instant;
}

/** What the stream `decision-<id>` says so far. Everything is absent for a decision that was never made. */
export interface DecisionHistory {
  readonly decided: ActionDecided | null;
  readonly decidedAt: Instant | null;
  readonly position: number | null;
  readonly outcome: OutcomeReported | null;
  readonly outcomePosition: number | null;
  readonly hasExpired: boolean;
  /** What the ended hold stands settled at, by the last event that said so; null while it is open. */
  readonly settlement: readonly SettledEntry[] | null;
  readonly isCancelled: boolean;
  /** By take id. */
  readonly takes: ReadonlyMap<string, DecidedTake>;
  /** The one that has the permit. */
  readonly taken: DecidedTake | null;
  /** Until when the hold runs, extensions counted. */
  readonly heldUntil: Instant | null;
  /** Everything that was set aside, in the order settlements name amounts. */
  readonly entries: readonly HoldEntry[];
  readonly streamVersion: number;
  readonly extensions: ReadonlyMap<string, Extract<DecisionEvent, { type: 'ExtensionDecided' }>['data']>;
}

const nothing: DecisionHistory = {
  decided: null,
  decidedAt: null,
  position: null,
  outcome: null,
  outcomePosition: null,
  hasExpired: false,
  settlement: null,
  isCancelled: false,
  takes: new Map(),
  taken: null,
  heldUntil: null,
  entries: [],
  streamVersion: 0,
  extensions: new Map(),
};

export const historyOf = (facts: readonly DecisionFact[]): DecisionHistory => facts.reduce(after, nothing);

/** The same with one more event of its stream. */
export const extendedHistory = (history: DecisionHistory, fact: DecisionFact): DecisionHistory => after(history, fact);

function after(history: DecisionHistory, fact: DecisionFact): DecisionHistory {
  const { event, position, recordedAt } = fact;
  const next = { ...history, streamVersion: history.streamVersion + 1 };
  switch (event.type) {
    case 'ActionDecided': {
      const decided = event.data;
      const entries = decided.verdict === 'allow' ? entriesOf(decided.budgets) : [];
      return { ...next, decided, decidedAt: recordedAt, position, entries, heldUntil: decided.hold?.expiresAt ?? null };
    }
    case 'OutcomeReported':
      return reported(next, event.data, position);
    case 'HoldExpired':
      return expired(next);
    case 'HoldCorrected':
      return { ...next, settlement: decodeSettlement(event.data.after) };
    case 'HoldWidened':
      return { ...next, entries: [...next.entries, ...decodeHold(event.data)] };
    case 'TakeDecided':
      return afterTake(next, { take: event.data, position, at: recordedAt });
    case 'AskCancelled':
      return { ...next, isCancelled: true };
    case 'ExtensionDecided':
      return extended(next, event.data);
    default:
      return next;
  }
}

function afterTake(history: DecisionHistory, decided: DecidedTake): DecisionHistory {
  const { take } = decided;
  const takes = new Map(history.takes).set(take.takeId, decided);
  if (take.verdict !== 'allow') return { ...history, takes };
  return {
    ...history,
    takes,
    taken: decided,
    entries: entriesOf(take.budgets),
    heldUntil: take.hold?.expiresAt ?? null,
  };
}

/** Nobody said how it went: what was authorized stands settled. */
export const expired = (history: DecisionHistory): DecisionHistory => ({
  ...history,
  hasExpired: true,
  settlement: expire(history.entries),
});

/** A late report settles nothing by itself: the correction beside it does. */
function reported(history: DecisionHistory, outcome: OutcomeReported, outcomePosition: number): DecisionHistory {
  const settlement = outcome.isLate ? history.settlement : chargedEntries(history.entries, outcome.charged);
  return { ...history, outcome, outcomePosition, settlement };
}

type Extension = Extract<DecisionEvent, { type: 'ExtensionDecided' }>['data'];

function extended(history: DecisionHistory, extension: Extension): DecisionHistory {
  const extensions = new Map(history.extensions).set(extension.extensionId, extension);
  if (extension.verdict !== 'allow') return { ...history, extensions };
  return {
    ...history,
    extensions,
    heldUntil: extension.expiresAt,
    entries: [...history.entries, ...entriesOf(extension.budgets)],
  };
}
