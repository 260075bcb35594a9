import { counterKey, unused, type CounterKey } from '@countersign/budgets';
import { partialEnforcement, type Asker } from '@countersign/decisions';
import { formatAmount, toIso, type Instant } from '@countersign/kernel';
import { inPipelinedTransaction, settled, type Sql } from '@countersign/postgres';
import { loadMoney } from '../adapters/money-rows.ts';
import type { Configuration } from './configuration.ts';

/** What one agent's own budgets have left; users' and runs' are in the decisions that name them. */
export class OwnBudgets {
  constructor(
    private readonly reads: Sql,
    private readonly processNow: () => Instant,
  ) {}

  async of(configuration: Configuration, { agent, organizationId }: Asker) {
    const now = this.processNow();
    const lines = configuration.stack(agent, undefined).attached.flatMap(({ policy }) =>
      policy.budgets
        .filter(({ scope }) => scope === 'agent' || scope === 'attached')
        .map((budget) => {
          const { start, end } = configuration.calendar.windowOf(budget.window, now);
          const { name, unit, window } = budget;
          const address = {
            policy: policy.name,
            budget: name,
            scope: 'agent',
            instance: agent.agentId,
            unit,
            window,
            windowStart: start,
          } as const;
          return { key: counterKey(address), budget, policy: policy.name, end };
        }),
    );
    const counters = await this.#counters(
      organizationId,
      lines.map(({ key }) => key),
    );
    return lines.map(({ key, budget: { name, unit, window, cap }, policy, end }) => {
      const { spent, held } = counters.get(key) ?? unused;
      const text = (amount: bigint) => formatAmount(unit, amount);
      const figures = { cap: text(cap), spent: text(spent), held: text(held), remaining: text(cap - spent - held) };
      return { policy, name, scope: 'agent', unit, window, ...figures, resetsAt: end === null ? null : toIso(end) };
    });
  }

  #counters(organizationId: string, keys: readonly CounterKey[]) {
    const money = partialEnforcement();
    return inPipelinedTransaction(this.reads, async (transaction) => {
      const { sql, send, commit } = transaction;
      await settled([
        send(sql`select set_config('countersign.tenant', ${organizationId}::text, true)`),
        loadMoney(transaction, organizationId as never, money, { counters: keys, rates: [], holds: [] }),
      ]);
      await commit();
      return money.counters;
    });
  }
}
