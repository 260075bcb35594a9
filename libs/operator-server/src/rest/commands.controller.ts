import { type Problem, ProblemAnswer, ProblemFilter, readWire, wireBody } from '@countersign/http';
import type { Actor } from '@countersign/kernel';
import { ErasureRefused } from '@countersign/ledger';
import { Body, Controller, HttpCode, Param, Post, Query, UseFilters, UseGuards } from '@nestjs/common';
import { type CommandAnswer, problemOfCorrection, problemOfRejection } from '@countersign/surface';
import { CommandRunner, type CommandRejection } from '../application/command-runner.ts';
import { WireCommand } from '../application/wire-command.ts';
import { Operator, OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';
import { CommandQuery } from './query.ts';
import { refusedRestore } from './refused-restore.ts';

/** One door for everything that changes an organization; the body says what. */
@Controller('operator/organizations/:organization/commands')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class CommandsController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly runner: CommandRunner,
  ) {}

  @Post()
  @HttpCode(200)
  async run(
    @Operator() actor: Actor,
    @Param('organization') reference: string,
    @Query() query: unknown,
    @Body() body: unknown,
  ): Promise<CommandAnswer> {
    const organizationId = await this.finder.find(reference);
    const { delivery } = readWire(CommandQuery, query);
    const command = readWire(WireCommand, wireBody(body));

    const result = await this.runner.run({ organizationId, actor }, command, delivery).catch(refusedLedger);
    if (result.outcome === 'rejected') throw new ProblemAnswer(problemOf(result.rejection));
    return result.events[0] as CommandAnswer;
  }
}

const problemOf = (rejection: CommandRejection): Problem =>
  isCorrection(rejection) ? problemOfCorrection(rejection) : problemOfRejection(rejection);

const isCorrection = (rejection: CommandRejection): rejection is Parameters<typeof problemOfCorrection>[0] =>
  rejection.code.startsWith('holds.');

function refusedLedger(error: unknown): never {
  if (!(error instanceof ErasureRefused)) return refusedRestore(error);
  const { code, message } = error;
  throw new ProblemAnswer({ status: 422, code, title: 'Refused', detail: message });
}
