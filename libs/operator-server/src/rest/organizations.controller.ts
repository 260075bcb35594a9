import { randomUUID } from 'node:crypto';
import { Commands, Configurations } from '@countersign/decisions';
import { invalidRequest, ProblemAnswer, ProblemFilter, readWire, wireBody } from '@countersign/http';
import type { Actor, OrganizationId } from '@countersign/kernel';
import { Body, Controller, Get, HttpCode, Param, Post, UseFilters, UseGuards } from '@nestjs/common';
import { OrganizationRows, problemOfRejection, timeZoneProblem } from '@countersign/surface';
import { NewOrganization } from '../application/wire-command.ts';
import { Operator, OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';

@Controller('operator/organizations')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class OrganizationsController {
  constructor(
    private readonly organizations: OrganizationRows,
    private readonly finder: OrganizationFinder,
    private readonly commands: Commands,
    private readonly configurations: Configurations,
  ) {}

  @Get()
  async list() {
    return { organizations: await this.organizations.all() };
  }

  @Post()
  @HttpCode(201)
  async create(@Operator() actor: Actor, @Body() body: unknown) {
    const { name, timeZone } = readWire(NewOrganization, wireBody(body));
    refuseUnknownZone(timeZone);
    // Two organizations of one name that are made at the same moment are both made; names are a convenience, ids count.
    if ((await this.organizations.named(name)).length > 0)
      throw new ProblemAnswer(problemOfRejection({ code: 'identity.organization_exists' }));

    const organizationId = randomUUID() as OrganizationId;
    const command = { type: 'CreateOrganization', organizationId, name, timeZone } as const;
    const outcome = await this.commands.execute(organizationId, { actor, tokenRights: null }, command);
    if (outcome.outcome === 'rejected') throw new ProblemAnswer(problemOfRejection(outcome.rejection));
    return { id: organizationId, name, position: outcome.events.at(-1)?.position ?? null };
  }

  @Get(':organization')
  async one(@Param('organization') reference: string) {
    const { state, position } = await this.configurations.read(await this.finder.find(reference));
    const self = state.organization.get('self');
    return {
      id: self?.organizationId,
      name: self?.name,
      timeZone: self?.zones.at(-1)?.zone,
      position,
      teams: [...state.teams.values()].map(({ teamId, name }) => ({ id: teamId, name })),
    };
  }
}

function refuseUnknownZone(timeZone: string): void {
  const message = timeZoneProblem(timeZone);
  if (message) throw invalidRequest([{ field: 'timeZone', code: 'field.invalid', message }]);
}
