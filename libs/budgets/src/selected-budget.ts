import type { Unit } from '@countersign/kernel';
import { z } from 'zod';
import type { WindowKind } from './window.ts';

/** Whose spending a budget adds up. */
export const BudgetScope = z.enum(['organization', 'team', 'agent', 'user', 'run']);
export type BudgetScope = z.infer<typeof BudgetScope>;

/** Where its policy is attached. */
export const BudgetLayer = z.enum(['organization', 'team', 'agent', 'user']);
export type BudgetLayer = z.infer<typeof BudgetLayer>;

/**
 * A budget that the policies in force apply to one action: what money needs to know of what policy selects.
 * `policy` and `name` are names in the kernel's sense, without `/`.
 */
export interface SelectedBudget {
  readonly policy: string;
  readonly version: number;
  readonly layer: BudgetLayer;
  readonly line: number;
  readonly name: string;
  readonly scope: BudgetScope;
  readonly unit: Unit;
  readonly window: WindowKind;
  readonly cap: bigint;
  readonly onExceed: 'block' | 'ask';
  /** What an action counts that does not say its cost. Null refuses such actions. */
  readonly assume: bigint | null;
  /** True leaves out what its window spent before the budget was added. */
  readonly startNow: boolean;
  /** Shares of the cap, as 0.5, at which people are warned. */
  readonly warnAt: readonly number[];
}

/** Who acts, as the scopes count them; names are only for messages. `user` and `run` are the agent's own claims. */
export interface Subject {
  readonly organization: string;
  readonly team: string;
  readonly agent: string;
  readonly user: string | null;
  readonly run: string | null;
  readonly names?: { readonly organization?: string; readonly team?: string; readonly agent?: string };
}

/** What an action costs in each unit: nano-USD, tokens, calls. Null is unknown. */
export interface Amounts {
  readonly usd: bigint | null;
  readonly tokens: bigint | null;
  readonly calls: bigint;
}

/**
 * Which counter of a scope an action belongs to.
 *
 * A run is known by its agent and its name. Actions that name no user, or no run, share the one that has no name: leaving
 * the name out must not open a fresh counter.
 */
export function instanceOf(scope: BudgetScope, subject: Subject): string {
  if (scope === 'run') return `${subject.agent}/${subject.run ?? ''}`;
  return subject[scope] ?? '';
}
