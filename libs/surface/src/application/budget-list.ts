import { Configurations } from '@countersign/decisions';
import type { OrganizationId } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { MoneyRows } from '../adapters/money-rows.ts';
import { currentLines, linesOf, type BudgetLine, type CounterRow } from './budget-lines.ts';
import { CompiledPolicies } from './compiled-policies.ts';

/** What of every budget is spent and held, as the last commit left it. */
@Injectable()
export class BudgetList {
  readonly #compiled = new CompiledPolicies();

  constructor(
    private readonly configurations: Configurations,
    private readonly money: MoneyRows,
  ) {}

  /** @param isWithPast whether windows that are over are among them. */
  async lines(organizationId: OrganizationId, isWithPast: boolean): Promise<readonly BudgetLine[]> {
    const { state } = await this.configurations.read(organizationId);
    const counters: CounterRow[] = [];
    for await (const row of this.money.counters(organizationId)) counters.push(row);

    const facts = { state, compiled: this.#compiled, now: await this.money.now() };
    return isWithPast ? linesOf(counters, facts) : currentLines(counters, facts);
  }
}
