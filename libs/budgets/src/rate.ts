import { instant, type Instant } from '@countersign/kernel';
import { instanceOf, type BudgetScope, type Subject } from './selected-budget.ts';

/** The most that `max` may be: a log of as many instants is kept for every instance. */
export const RATE_MAX = 1_000;

/** At most `max` allows or takes in (now - perMs, now], of the actions that `match`, by scope instance. */
export interface SelectedRate {
  readonly policy: string;
  readonly version: number;
  readonly layer: 'organization' | 'team' | 'agent' | 'user';
  readonly scope: BudgetScope;
  readonly match: string;
  readonly max: number;
  readonly perMs: number;
  readonly line: number;
}

/** At most `max` names never seen before, in (now - perMs, now]: bounds runs and users that an agent invents. */
export interface SelectedMaxNew {
  readonly policy: string;
  readonly version: number;
  readonly layer: 'organization' | 'team' | 'agent' | 'user';
  readonly kind: 'run' | 'user';
  readonly max: number;
  readonly perMs: number;
  readonly line: number;
}

/** The instants of the latest allows, oldest first: as many as the rate's `max`, which is all that it can ever need. */
export type RateLog = readonly Instant[];

export interface RateLimit {
  readonly max: number;
  readonly perMs: number;
}

/** Null when there is room. Nothing is recorded: the action may yet be refused by something else. */
export interface TooMany {
  readonly max: number;
  readonly perMs: number;
  /** The first instant at which there is room, if nothing else is allowed before. Null when `max` is 0. */
  readonly retryAt: Instant | null;
}

/**
 * Exact and without a loop: there is room unless the `max`-th latest allow is still inside the window. An allow exactly
 * `perMs` ago no longer counts.
 */
export function tooMany(log: RateLog, { max, perMs }: RateLimit, now: Instant): TooMany | null {
  if (max === 0) return { max, perMs, retryAt: null };
  const decisive = log[log.length - max];
  if (decisive === undefined || decisive <= now - perMs) return null;
  return { max, perMs, retryAt: instant(decisive + perMs) };
}

/** The log after one more allow. `now` must not be before the latest: time never runs backwards in an organization. */
export function recorded(log: RateLog, { max }: RateLimit, now: Instant): RateLog {
  const kept = log.slice(Math.max(0, log.length - max + 1));
  kept.push(now);
  return kept;
}

/** Whether the log can be forgotten without changing any later answer. */
export function isIdle(log: RateLog, { perMs }: RateLimit, now: Instant): boolean {
  const latest = log.at(-1);
  return latest === undefined || latest <= now - perMs;
}

/**
 * Which log a rate reads for a subject. Rates have no names: changing scope, period or match is another rate, with a
 * fresh log; changing `max` is not.
 */
export function rateKey(rate: SelectedRate, subject: Subject): string {
  const { policy, scope, perMs, match } = rate;
  return JSON.stringify([policy, scope, perMs, match, instanceOf(scope, subject)]);
}

/** Which log bounds the new names of one agent. */
export function maxNewKey({ policy, kind, perMs }: SelectedMaxNew, subject: Subject): string {
  return JSON.stringify([policy, `new-${kind}`, perMs, subject.agent]);
}
