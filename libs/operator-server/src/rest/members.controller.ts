import { ProblemFilter } from '@countersign/http';
import { MemberList } from '@countersign/surface';
import { Controller, Get, Param, UseFilters, UseGuards } from '@nestjs/common';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';

@Controller('operator/organizations/:organization')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class MembersController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly list: MemberList,
  ) {}

  @Get('members')
  async members(@Param('organization') reference: string) {
    return { members: await this.list.members(await this.finder.find(reference)) };
  }

  @Get('invitations')
  async invitations(@Param('organization') reference: string) {
    return { invitations: await this.list.invitations(await this.finder.find(reference)) };
  }
}
