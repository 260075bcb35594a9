import { ProblemFilter } from '@countersign/http';
import { StopList } from '@countersign/surface';
import { Controller, Get, Param, UseFilters, UseGuards } from '@nestjs/common';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';

@Controller('operator/organizations/:organization/stops')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class StopsController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly stops: StopList,
  ) {}

  @Get()
  async list(@Param('organization') reference: string) {
    return { stops: await this.stops.all(await this.finder.find(reference)) };
  }
}
