import { ProblemFilter } from '@countersign/http';
import { Controller, HttpCode, Param, Post, UseFilters, UseGuards } from '@nestjs/common';
import { StateCheck, type StateReport } from '../application/state-check.ts';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';

@Controller('operator/organizations/:organization/state')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class StateController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly stateCheck: StateCheck,
  ) {}

  /** A question, but one that costs the server so much that nobody should ask it by following a link. */
  @Post('check')
  @HttpCode(200)
  async check(@Param('organization') reference: string): Promise<StateReport> {
    return this.stateCheck.check(await this.finder.find(reference));
  }
}
