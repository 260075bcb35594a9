import {
  counterKey,
  decodeSettlement,
  expire,
  moved,
  movementsOfCorrection,
  movementsOfEnd,
  movementsOfHold,
  openedCounters,
  unused,
  type BudgetEvent,
  type HoldEntry,
  type Movement,
} from '@countersign/budgets';
import { parseAmount, type DecisionId, type Instant } from '@countersign/kernel';
import type { LedgerEvent } from '@countersign/ledger';
import type { ActionDecided, BudgetFigure, DecisionEvent, OutcomeReported } from './decision.events.ts';
import type { EnforcementState, RateWindow } from './enforcement-state.ts';
import { entryOf, type Hold } from './hold.ts';

/** An event in its place: what folding needs beside what it says. */
export interface Recorded<Event> {
  readonly event: Event;
  readonly at: Instant;
  readonly streamVersion: number;
}

type MoneyEvent = DecisionEvent | BudgetEvent | LedgerEvent;
type Of<Type> = Extract<MoneyEvent, { type: Type }>;

/** Moves money, holds and rates as the event says. Judging belongs to `decide`, so this never refuses. */
export function evolveMoney(state: EnforcementState, { event, at, streamVersion }: Recorded<MoneyEvent>): void {
  switch (event.type) {
    case 'ActionDecided':
      return allow(state, event.data, at);
    case 'OutcomeReported':
      return report(state, event.data);
    case 'HoldExpired':
      return expireHold(state, event.data.decisionId);
    case 'ExtensionDecided':
      return extend(state, event.data, streamVersion);
    case 'HoldCorrected':
      return move(
        state,
        movementsOfCorrection(decodeSettlement(event.data.before), decodeSettlement(event.data.after)),
      );
    case 'BudgetOpened':
      return openedCounters(event as Of<'BudgetOpened'>).forEach((counter, key) => state.counters.set(key, counter));
    // What concerns no money; listed nowhere else, because a new type must not slip through unseen by the catalog's test.
    default:
      return;
  }
}

function allow(
  state: EnforcementState,
  { decisionId, agent, verdict, budgets, rates, hold }: ActionDecided,
  at: Instant,
) {
  if (verdict !== 'allow' || !hold) return;

  for (const { key, max, name } of rates) state.rates.set(key, counted(state.rates.get(key), { max, name, at }));
  const entries = entriesOf(budgets);
  if (entries.length === 0) return;

  move(state, movementsOfHold(entries));
  state.holds.set(decisionId, { agentId: agent.id, expiresAt: hold.expiresAt, entries, streamVersion: 1 });
}

/** Two budgets that meet in one counter hold once. */
export function entriesOf(figures: readonly BudgetFigure[]): readonly HoldEntry[] {
  if (figures.length < 2) return figures.map(entryOf);
  return [...new Map(figures.map(entryOf).map((entry) => [counterKey(entry), entry])).values()];
}

interface Count {
  readonly max: number;
  readonly name: string | undefined;
  readonly at: Instant;
}

/** Only the latest `max` can ever matter again. */
function counted(log: RateWindow | undefined, { max, name, at }: Count): RateWindow {
  const keep = <Entry>(entries: readonly Entry[], entry: Entry) => [
    ...entries.slice(Math.max(0, entries.length - max + 1)),
    entry,
  ];
  const instants = keep(log?.at ?? [], at);
  return name === undefined ? { at: instants } : { at: instants, names: keep(log?.names ?? [], name) };
}

/** A late report changes nothing here: the correction beside it says what moved. */
function report(state: EnforcementState, { decisionId, charged, isLate }: OutcomeReported) {
  const hold = state.holds.get(decisionId);
  if (isLate || !hold) return;

  move(state, movementsOfEnd(chargedEntries(hold.entries, charged)));
  state.holds.delete(decisionId);
}

export function chargedEntries(entries: readonly HoldEntry[], charged: readonly string[]) {
  return entries.map((entry, index) => {
    const settled = parseAmount(entry.unit, charged[index] ?? '0');
    return { ...entry, settled, isReported: true };
  });
}

function expireHold(state: EnforcementState, decisionId: DecisionId) {
  const hold = state.holds.get(decisionId);
  if (!hold) return;

  move(state, movementsOfEnd(expire(hold.entries)));
  state.holds.delete(decisionId);
}

function extend(
  state: EnforcementState,
  { decisionId, verdict, budgets, expiresAt }: Of<'ExtensionDecided'>['data'],
  streamVersion: number,
) {
  const hold = state.holds.get(decisionId);
  if (!hold) return;

  const added = verdict === 'allow' ? entriesOf(budgets) : [];
  move(state, movementsOfHold(added));
  const extended: Hold = { ...hold, streamVersion, expiresAt, entries: [...hold.entries, ...added] };
  state.holds.set(decisionId, extended);
}

function move({ counters }: EnforcementState, movements: readonly Movement[]) {
  for (const movement of movements) counters.set(movement.key, moved(counters.get(movement.key) ?? unused, movement));
}
