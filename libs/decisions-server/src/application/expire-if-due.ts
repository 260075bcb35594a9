import type { DecisionEvent, PartialEnforcement } from '@countersign/decisions';
import { system, type DecisionId, type Instant } from '@countersign/kernel';
import { streamOf } from '../adapters/histories.ts';
import type { Journal } from './journal.ts';

interface Ground {
  readonly head: { readonly now: Instant };
  readonly journal: Journal;
  readonly money: PartialEnforcement;
}

/**
 * Due is judged by the transaction's time, never by whether a sweep came: whoever touches a hold past due expires it
 * first. Gives the event, or null when the hold is open or there is none.
 */
export function expireIfDue(decisionId: DecisionId, { head, journal, money }: Ground): DecisionEvent | null {
  const hold = money.holds.get(decisionId);
  if (!hold || hold.expiresAt > head.now) return null;
  const event: DecisionEvent = { type: 'HoldExpired', data: { decisionId, expiredAt: hold.expiresAt } };
  journal.record(event, { stream: streamOf(decisionId), streamVersion: hold.streamVersion + 1, actor: system });
  return event;
}
