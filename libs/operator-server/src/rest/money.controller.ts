import { Configurations } from '@countersign/decisions';
import { ProblemFilter, readWire } from '@countersign/http';
import { Controller, Get, Param, Query, UseFilters, UseGuards } from '@nestjs/common';
import { MoneyRows } from '../adapters/money-rows.ts';
import { currentLines, linesOf, type CounterRow } from '../application/budget-lines.ts';
import { CompiledPolicies } from '../application/compiled-policies.ts';
import { HoldList } from '../application/hold-list.ts';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';
import { BudgetsQuery, HoldsQuery } from './query.ts';

@Controller('operator/organizations/:organization')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class MoneyController {
  readonly #compiled = new CompiledPolicies();

  constructor(
    private readonly finder: OrganizationFinder,
    private readonly configurations: Configurations,
    private readonly money: MoneyRows,
    private readonly holdList: HoldList,
  ) {}

  @Get('budgets')
  async budgets(@Param('organization') reference: string, @Query() query: unknown) {
    const { all } = readWire(BudgetsQuery, query);
    const organizationId = await this.finder.find(reference);
    const { state } = await this.configurations.read(organizationId);
    const counters: CounterRow[] = [];
    for await (const row of this.money.counters(organizationId)) counters.push(row);

    const facts = { state, compiled: this.#compiled, now: await this.money.now() };
    return { budgets: all ? linesOf(counters, facts) : currentLines(counters, facts) };
  }

  @Get('holds')
  async holds(@Param('organization') reference: string, @Query() query: unknown) {
    const { state, limit } = readWire(HoldsQuery, query);
    const organizationId = await this.finder.find(reference);
    return {
      holds: await (state === 'open'
        ? this.holdList.open(organizationId, limit)
        : this.holdList.unreported(organizationId, limit)),
    };
  }
}
