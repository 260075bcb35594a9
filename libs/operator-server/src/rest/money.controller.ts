import { ProblemFilter, readWire } from '@countersign/http';
import { Controller, Get, Param, Query, UseFilters, UseGuards } from '@nestjs/common';
import { BudgetList } from '@countersign/surface';
import { HoldList } from '../application/hold-list.ts';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';
import { BudgetsQuery, HoldsQuery } from './query.ts';

@Controller('operator/organizations/:organization')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class MoneyController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly budgetList: BudgetList,
    private readonly holdList: HoldList,
  ) {}

  @Get('budgets')
  async budgets(@Param('organization') reference: string, @Query() query: unknown) {
    const { all } = readWire(BudgetsQuery, query);
    return { budgets: await this.budgetList.lines(await this.finder.find(reference), all) };
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
