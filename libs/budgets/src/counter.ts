import type { Instant, Unit } from '@countersign/kernel';
import type { BudgetScope } from './selected-budget.ts';
import type { WindowKind } from './window.ts';

/** Names one counter in one window, unique within an organization. Opaque; at most 2,400 bytes. */
export type CounterKey = string & { readonly __brand: 'CounterKey' };

export interface CounterAddress {
  readonly policy: string;
  readonly budget: string;
  readonly scope: BudgetScope;
  readonly instance: string;
  readonly unit: Unit;
  readonly window: WindowKind;
  readonly windowStart: Instant;
}

/** The instance stands last, because it alone may hold any character. */
export function counterKey(address: CounterAddress): CounterKey {
  const { policy, budget, scope, instance, unit, window, windowStart } = address;
  return `${policy}/${budget}/${scope}/${unit}/${window}/${windowStart}/${instance}` as CounterKey;
}

/** Reads back what `counterKey` wrote. Null for a text that it does not write. */
export function addressOfKey(key: string): CounterAddress | null {
  const [, policy = '', budget = '', scope, unit, window, start, instance = ''] =
    /^([^/]*)\/([^/]*)\/([a-z]+)\/([a-z]+)\/([a-z]+)\/(\d+)\/(.*)$/s.exec(key) ?? [];
  if (start === undefined) return null;
  const kinds = { scope: scope as BudgetScope, unit: unit as Unit, window: window as WindowKind };
  return { policy, budget, ...kinds, instance, windowStart: Number(start) as Instant };
}

/** What one window of one budget has used. Both are at least 0. */
export interface Counter {
  readonly spent: bigint;
  readonly held: bigint;
}

/** What a budget that nothing has touched has used. */
export const unused: Counter = { spent: 0n, held: 0n };

/** How a counter changes; the differences can be added in any order, and by the database itself. */
export interface Movement {
  readonly key: CounterKey;
  readonly spent: bigint;
  readonly held: bigint;
}

/** Where a budget stood when an action was judged, before that action's own hold. `remaining` is negative after an overrun. */
export interface Figures {
  readonly cap: bigint;
  readonly spent: bigint;
  readonly held: bigint;
  readonly asked: bigint;
  readonly remaining: bigint;
}

export function figuresOf(cap: bigint, { spent, held }: Counter, asked: bigint): Figures {
  return { cap, spent, held, asked, remaining: cap - spent - held };
}

/** Exactly reaching the cap is allowed. A budget that an overrun left above its cap refuses even what costs nothing. */
export function fits({ asked, remaining }: Figures): boolean {
  return asked <= remaining;
}

/** @throws {RangeError} if a counter would fall below zero, which only a defect can cause. */
export function moved(counter: Counter, movement: Movement): Counter {
  const spent = counter.spent + movement.spent;
  const held = counter.held + movement.held;
  if (spent < 0n || held < 0n)
    throw new RangeError(`counter ${movement.key} would hold ${held} and have spent ${spent}`);
  return { spent, held };
}
