import type { BudgetAsk, Excess } from '@countersign/approvals';
import { counterKey, unused, type Counter, type CounterAddress, type CounterKey } from '@countersign/budgets';
import type { ActionDecided, BudgetFigure } from '@countersign/decisions';
import { formatAmount, type Instant } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { MoneyRows } from '../adapters/money-rows.ts';
import { sumOf } from './amounts.ts';
import type { Look } from './approval-list.ts';
import { calendarOf, capsOf, instanceName } from './budget-lines.ts';
import { CompiledPolicies } from './compiled-policies.ts';

/** What an action would do to one budget if it were taken now. Amounts in the unit's smallest part. */
export interface BudgetAfter {
  readonly address: CounterAddress;
  readonly windowEnd: Instant | null;
  readonly instanceName: string;
  /** Null when the policy in force no longer has the budget. */
  readonly cap: bigint | null;
  readonly spent: bigint;
  readonly held: bigint;
  readonly asked: bigint;
}

/** The same as people read it. */
export interface BudgetAfterText {
  readonly policy: string;
  readonly budget: string;
  readonly scope: string;
  readonly instanceName: string;
  readonly unit: string;
  readonly window: string;
  readonly windowStart: Instant;
  readonly windowEnd: Instant | null;
  readonly cap: string | null;
  readonly spent: string;
  readonly held: string;
  readonly asked: string;
  /** What it leaves; negative where the cap has to be raised for it. */
  readonly leaves: string | null;
}

/** What asked actions would leave of the budgets that count them, as these stand now and in the windows of now. */
@Injectable()
export class BudgetOutlook {
  readonly #compiled = new CompiledPolicies();

  constructor(private readonly money: MoneyRows) {}

  /** In the order of the actions given. */
  async of(look: Look, actions: readonly ActionDecided[]): Promise<readonly (readonly BudgetAfter[])[]> {
    const calendar = calendarOf(look.state);
    const caps = capsOf(look.state, this.#compiled);
    const addressed = actions.map(({ budgets }) =>
      budgets.map((figure) => ({ figure, window: calendar.windowOf(figure.window, look.now) })),
    );
    const keys = addressed.flat().map(({ figure, window }) => counterKey({ ...figure, windowStart: window.start }));
    const counters = await this.money.countersOf(look.organizationId, [...new Set(keys)]);
    return addressed.map((budgets) =>
      budgets.map(({ figure, window }) => afterOf(figure, { look, window, caps, counters })),
    );
  }
}

interface Known {
  readonly look: Look;
  readonly window: { readonly start: Instant; readonly end: Instant | null };
  readonly caps: ReadonlyMap<string, bigint>;
  readonly counters: ReadonlyMap<CounterKey, Counter>;
}

function afterOf(figure: BudgetFigure, { look, window, caps, counters }: Known): BudgetAfter {
  const { policy, budget, scope, instance, unit, window: kind } = figure;
  const address = { policy, budget, scope, instance, unit, window: kind, windowStart: window.start };
  const { spent, held } = counters.get(counterKey(address)) ?? unused;
  return {
    address,
    windowEnd: window.end,
    instanceName: instanceName(scope, instance, look.state),
    cap: caps.get(`${policy}/${budget}`) ?? null,
    spent,
    held,
    asked: sumOf(unit, figure.asked),
  };
}

export function budgetAfterText(after: BudgetAfter): BudgetAfterText {
  const { address, windowEnd, instanceName: name, cap, spent, held, asked } = after;
  const { policy, budget, scope, unit, window, windowStart } = address;
  const text = (amount: bigint) => formatAmount(unit, amount);
  return {
    ...{ policy, budget, scope, instanceName: name, unit, window, windowStart, windowEnd },
    cap: cap === null ? null : text(cap),
    spent: text(spent),
    held: text(held),
    asked: text(asked),
    leaves: cap === null ? null : text(cap - spent - held - asked),
  };
}

/** How far over a cap that people may raise the action would go now. */
export const excessFrom =
  (budgets: readonly BudgetAfter[], now: Instant) =>
  (ask: BudgetAsk): Excess => {
    const found = budgets.find(({ address }) => isSameBudget(address, ask));
    if (!found || found.cap === null) return { amount: 0n, windowStart: now, windowEnd: null };
    const over = found.spent + found.held + found.asked - found.cap;
    return {
      amount: over > 0n ? over : 0n,
      windowStart: found.address.windowStart,
      windowEnd: found.windowEnd,
    };
  };

const isSameBudget = (one: CounterAddress, other: BudgetAsk) =>
  one.policy === other.policy &&
  one.budget === other.budget &&
  one.scope === other.scope &&
  one.instance === other.instance &&
  one.unit === other.unit &&
  one.window === other.window;
