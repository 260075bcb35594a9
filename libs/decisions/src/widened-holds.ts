import { encodeHold, type Calendar } from '@countersign/budgets';
import type { DecisionId, Instant } from '@countersign/kernel';
import type { BudgetOpening } from './budget-openings.ts';
import type { DecisionEvent } from './decision.events.ts';
import type { PastActions, RunningAction } from './past-actions.ts';

export type HoldWidened = Extract<DecisionEvent, { type: 'HoldWidened' }>;

/**
 * So many holds one command widens, each by an event under the head lock, as many as a sweep expires: two thousand made
 * others wait for more than a second. Of more actions that run at once, the older ones count as spent at what they hold,
 * as if they had expired.
 */
export const WIDENED_MAX = 500;

/** The actions whose holds the openings may widen: the latest ones. The rows of their holds are needed to tell. */
export const runningIn = (past: PastActions, now: Instant): readonly RunningAction[] =>
  [...past.running(now)].slice(-WIDENED_MAX);

/**
 * What is still running when a budget begins to count it is held there too, so that an extension, a report, expiry and
 * every later correction move that budget as any other. The past takes note, and counts it no more.
 */
export function widenedBy(
  openings: readonly BudgetOpening[],
  past: PastActions,
  { running, holds, calendar, now }: WhatRuns,
): readonly HoldWidened[] {
  const widened = running.flatMap(({ decisionId, agentId, expiresAt, isHeld }): HoldWidened[] => {
    // The report of a hold without a row was erased.
    if (isHeld && !holds.has(decisionId)) return [];
    const entries = openings.flatMap((opening) => past.heldFrom(opening, decisionId, calendar, now));
    if (entries.length === 0) return [];
    return [{ type: 'HoldWidened', data: { decisionId, agentId, ...encodeHold(expiresAt, entries) } }];
  });
  widened.forEach((event) => past.add(event, now, Number.MAX_SAFE_INTEGER));
  return widened;
}

interface WhatRuns {
  readonly running: readonly RunningAction[];
  readonly holds: { has(decisionId: DecisionId): boolean };
  readonly calendar: Calendar;
  readonly now: Instant;
}
