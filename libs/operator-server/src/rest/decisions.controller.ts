import { notFound, ProblemAnswer, ProblemFilter, readWire } from '@countersign/http';
import { DecisionId } from '@countersign/kernel';
import { Controller, Get, Param, Query, Req, UseFilters, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DecisionList, DecisionRecords } from '@countersign/surface';
import { News } from './news.ts';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';
import { DecisionsQuery } from './query.ts';

@Controller('operator/organizations/:organization/decisions')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class DecisionsController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly decisions: DecisionList,
    private readonly records: DecisionRecords,
    private readonly news: News,
  ) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Param('organization') reference: string, @Query() query: unknown) {
    const page = readWire(DecisionsQuery, query);
    const organizationId = await this.finder.find(reference);
    const { after } = page;
    if (after === undefined) return this.decisions.before(organizationId, page.before, page);
    return this.news.firstPage(request, page.wait, {
      organizationId,
      read: (position) => this.decisions.after(organizationId, position, page),
      after,
    });
  }

  @Get(':id')
  async one(@Param('organization') reference: string, @Param('id') id: string) {
    const record = await this.records.find(await this.finder.find(reference), idOf(id));
    if (!record) throw noDecision(id);
    return record;
  }

  @Get(':id/receipt')
  async receipt(@Param('organization') reference: string, @Param('id') id: string) {
    const receipt = await this.records.receipt(await this.finder.find(reference), idOf(id));
    if (!receipt) throw noDecision(id);
    if (receipt === 'unsigned')
      throw new ProblemAnswer({
        status: 503,
        code: 'ledger.not_signed_yet',
        title: 'Try again',
        detail: 'no checkpoint covers this decision yet: the signer is behind, try again in a few seconds',
      });
    return receipt;
  }
}

function idOf(text: string): DecisionId {
  const read = DecisionId.safeParse(text);
  if (!read.success) throw noDecision(text);
  return read.data;
}

const noDecision = (id: string) => notFound('decisions.not_found', `There is no decision \`${id.slice(0, 80)}\`.`);
