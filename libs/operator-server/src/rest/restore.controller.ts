import { ProblemFilter, readWire, wireBody } from '@countersign/http';
import type { RestoreReport } from '@countersign/ledger/checkpoint';
import { RestoredLedgers } from '@countersign/ledger-server/signing';
import { Body, Controller, HttpCode, Param, Post, UseFilters, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';
import { refusedRestore } from './refused-restore.ts';

/** Some thousand checkpoints: every signature is checked, so a longer text would hold up whoever decides meanwhile. */
const CHARACTERS_MAX = 1_000_000;

const Checkpoints = z.strictObject({ checkpoints: z.string().max(CHARACTERS_MAX) });

@Controller('operator/organizations/:organization/restore')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class RestoreController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly restored: RestoredLedgers,
  ) {}

  /** A question; a POST because checkpoints are too long for an address. */
  @Post('check')
  @HttpCode(200)
  async check(@Param('organization') reference: string, @Body() body: unknown): Promise<RestoreReport> {
    const organizationId = await this.finder.find(reference);
    const { checkpoints } = readWire(Checkpoints, wireBody(body));
    return this.restored.check(organizationId, checkpoints).catch(refusedRestore);
  }
}
