import { ProblemFilter } from '@countersign/http';
import { PublicationList } from '@countersign/surface';
import { Controller, Get, Param, UseFilters, UseGuards } from '@nestjs/common';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';

@Controller('operator/organizations/:organization/publications')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class PublicationsController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly publications: PublicationList,
  ) {}

  @Get()
  async list(@Param('organization') reference: string) {
    return { publications: await this.publications.all(await this.finder.find(reference)) };
  }
}
