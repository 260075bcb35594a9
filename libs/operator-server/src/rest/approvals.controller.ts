import { notFound, ProblemFilter, readWire } from '@countersign/http';
import { ApprovalId } from '@countersign/kernel';
import { ApprovalsForPeople } from '@countersign/surface';
import { Controller, Get, Param, Query, UseFilters, UseGuards } from '@nestjs/common';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';
import { ApprovalsQuery } from './query.ts';

/** To look at only: a quorum counts people, and the operator is none. */
@Controller('operator/organizations/:organization/approvals')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class ApprovalsController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly approvals: ApprovalsForPeople,
  ) {}

  @Get()
  async list(@Param('organization') reference: string, @Query() query: unknown) {
    const wish = readWire(ApprovalsQuery, query);
    return { approvals: await this.approvals.first(await this.finder.find(reference), wish) };
  }

  @Get(':id')
  async one(@Param('organization') reference: string, @Param('id') id: string) {
    const organizationId = await this.finder.find(reference);
    const read = ApprovalId.safeParse(id);
    const approval = read.success ? await this.approvals.one(organizationId, read.data) : null;
    if (!approval) throw notFound('approvals.not_found', `There is no approval \`${id.slice(0, 80)}\`.`);
    return approval;
  }
}
