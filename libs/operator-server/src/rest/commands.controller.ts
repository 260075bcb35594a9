import { type Problem, ProblemAnswer, ProblemFilter, readWire, wireBody } from '@countersign/http';
import type { Actor } from '@countersign/kernel';
import { ErasureRefused } from '@countersign/ledger';
import { Body, Controller, HttpCode, Param, Post, UseFilters, UseGuards } from '@nestjs/common';
import { CommandRunner, type CommandRejection } from '../application/command-runner.ts';
import type { CommandAnswer } from '../application/command-answer.ts';
import { WireCommand } from '../application/wire-command.ts';
import { Operator, OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';
import { refuseUnknownZone } from './organizations.controller.ts';
import { problemOfCorrection, problemOfRejection } from './rejection.ts';

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
    @Body() body: unknown,
  ): Promise<CommandAnswer> {
    const organizationId = await this.finder.find(reference);
    const command = readWire(WireCommand, wireBody(body));
    if (command.type === 'ChangeTimeZone') refuseUnknownZone(command.timeZone);

    const result = await this.runner.run({ organizationId, actor }, command).catch(refusedErasure);
    if (result.outcome === 'rejected') throw new ProblemAnswer(problemOf(result.rejection));
    return result.events[0] as CommandAnswer;
  }
}

const problemOf = (rejection: CommandRejection): Problem =>
  isCorrection(rejection) ? problemOfCorrection(rejection) : problemOfRejection(rejection);

const isCorrection = (rejection: CommandRejection): rejection is Parameters<typeof problemOfCorrection>[0] =>
  rejection.code.startsWith('holds.');

function refusedErasure(error: unknown): never {
  if (!(error instanceof ErasureRefused)) throw error;
  const { code, message } = error;
  throw new ProblemAnswer({ status: 422, code, title: 'Refused', detail: message });
}
