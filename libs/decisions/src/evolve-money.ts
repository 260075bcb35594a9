import {
  counterKey,
  decodeHold,
  decodeSettlement,
  expire,
  moved,
  movementsOfCorrection,
  movementsOfEnd,
  movementsOfHold,
  movementsOfOpening,
  unused,
  type BudgetEvent,
  type HoldEntry,
  type Movement,
} from '@countersign/budgets';
import { cancelAsk, openApproval, takePermit, useGrant } from '@countersign/approvals';
import { parseAmount, type AgentId, type DecisionId, type Instant } from '@countersign/kernel';
import type { LedgerEvent } from '@countersign/ledger';
import type { ActionDecided, BudgetFigure, DecisionEvent, OutcomeReported, TakeDecided } from './decision.events.ts';
import type { HeldEntry } from './decide.ts';
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

/** Moves money, holds, rates, permits and grants as the event says. Judging belongs to `decide`, so this never refuses. */
export function evolveMoney(state: EnforcementState, { event, at, streamVersion }: Recorded<MoneyEvent>): void {
  switch (event.type) {
    case 'ActionDecided':
      return decided(state, event.data, at);
    case 'TakeDecided':
      return take(state, event.data, { at, streamVersion });
    case 'AskCancelled':
      return cancelAsk(state, event.data.approvalId, event.data.decisionId);
    case 'OutcomeReported':
      return report(state, event.data);
    case 'HoldExpired':
      return expireHold(state, event.data.decisionId);
    case 'ExtensionDecided':
      return extend(state, event.data, streamVersion);
    case 'HoldWidened':
      return widen(state, event.data, streamVersion);
    case 'HoldCorrected':
      return move(
        state,
        movementsOfCorrection(decodeSettlement(event.data.before), decodeSettlement(event.data.after)),
      );
    case 'BudgetOpened':
      return move(state, movementsOfOpening(event as Of<'BudgetOpened'>));
    // What concerns no money; listed nowhere else, because a new type must not slip through unseen by the catalog's test.
    default:
      return;
  }
}

function decided(state: EnforcementState, action: ActionDecided, at: Instant): void {
  const { approval, grant } = action;
  allow(state, action, { at, streamVersion: 1 });
  if (approval) openApproval(state, askOf(action, approval, at));
  if (grant) useGrant(state, grant.id, parseAmount('usd', grant.usd));
}

function askOf(
  { decisionId, agent, action, digest }: ActionDecided,
  { id: approvalId, requirements, budgets = [], expiresAt, involved }: NonNullable<ActionDecided['approval']>,
  openedAt: Instant,
): Parameters<typeof openApproval>[1] {
  const { intent, target, context } = action;
  const about = { agentId: agent.id, teamId: agent.team, intent, target, onBehalfOf: context?.onBehalfOf ?? null };
  return { approvalId, decisionId, ...about, involved, digest, requirements, budgets, openedAt, expiresAt };
}

function take(state: EnforcementState, data: TakeDecided, place: Placed): void {
  // A take that comes after the one that has the permit is no decision, so a refused one never meets an open hold.
  if (data.verdict !== 'allow') return;
  allow(state, data, place);
  takePermit(state, data.approvalId, data.takeId);
}

interface Placed {
  readonly at: Instant;
  readonly streamVersion: number;
}

function allow(
  state: EnforcementState,
  { decisionId, agent, verdict, budgets, rates, hold }: ActionDecided | TakeDecided,
  { at, streamVersion }: Placed,
): void {
  if (verdict !== 'allow' || !hold) return;

  const entries = entriesOf(budgets);
  setAside(state, decisionId, {
    agentId: agent.id,
    expiresAt: hold.expiresAt,
    held: entries.map((entry) => ({ key: counterKey(entry), entry })),
    rates,
    at,
    streamVersion,
  });
}

/** What an allow sets aside and counts. */
export interface Allowance {
  readonly agentId: AgentId;
  readonly expiresAt: Instant;
  readonly held: readonly HeldEntry[];
  readonly rates: ActionDecided['rates'];
  readonly at: Instant;
  /** Of the event that set it aside. */
  readonly streamVersion: number;
}

/** The same as folding the event of the allow, for whoever just decided it and still has its numbers. */
export function setAside(
  { counters, holds, rates: windows }: EnforcementState,
  decisionId: DecisionId,
  { agentId, expiresAt, held, rates, at, streamVersion }: Allowance,
): void {
  for (const { key, max, name } of rates) windows.set(key, counted(windows.get(key), { max, name, at }));
  if (held.length === 0) return;

  for (const { key, entry } of held)
    counters.set(key, moved(counters.get(key) ?? unused, { key, spent: 0n, held: entry.amount }));
  const entries = held.map(({ entry }) => entry);
  const keys = held.map(({ key }) => key);
  holds.set(decisionId, { agentId, expiresAt, entries, keys, streamVersion });
}

/** Two budgets that meet in one counter hold once. */
export function entriesOf(figures: readonly BudgetFigure[]): readonly HoldEntry[] {
  if (figures.length < 2) return figures.map(entryOf);
  return [...new Map(figures.map(entryOf).map((entry) => [counterKey(entry), entry])).values()];
}

interface Count {
  readonly max: number;
  readonly name?: string | undefined;
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
  addTo(state, decisionId, { ...hold, streamVersion, expiresAt }, added);
}

function widen(
  state: EnforcementState,
  { decisionId, agentId, expiresAt, entries }: Of<'HoldWidened'>['data'],
  streamVersion: number,
) {
  const hold = state.holds.get(decisionId) ?? { agentId, expiresAt, entries: [], keys: [] };
  addTo(state, decisionId, { ...hold, streamVersion }, decodeHold({ expiresAt, entries }));
}

function addTo(state: EnforcementState, decisionId: DecisionId, hold: Hold, added: readonly HoldEntry[]) {
  move(state, movementsOfHold(added));
  const entries = [...hold.entries, ...added];
  const keys = [...hold.keys, ...added.map(counterKey)];
  state.holds.set(decisionId, { ...hold, entries, keys });
}

function move({ counters }: EnforcementState, movements: readonly Movement[]) {
  for (const movement of movements) counters.set(movement.key, moved(counters.get(movement.key) ?? unused, movement));
}
