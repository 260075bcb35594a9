import { notFound, ProblemFilter, readWire } from '@countersign/http';
import { Controller, Get, Param, Query, UseFilters, UseGuards } from '@nestjs/common';
import { Inventory } from '@countersign/surface';
import { OperatorGuard } from './operator.guard.ts';
import { OrganizationFinder } from './organization-finder.ts';
import { PolicyQuery } from './query.ts';

@Controller('operator/organizations/:organization')
@UseGuards(OperatorGuard)
@UseFilters(ProblemFilter)
export class InventoryController {
  constructor(
    private readonly finder: OrganizationFinder,
    private readonly inventory: Inventory,
  ) {}

  @Get('agents')
  async agents(@Param('organization') reference: string) {
    return { agents: await this.inventory.agents(await this.finder.find(reference)) };
  }

  @Get('policies')
  async policies(@Param('organization') reference: string) {
    return { policies: await this.inventory.policies(await this.finder.find(reference)) };
  }

  @Get('policies/:name')
  async policy(@Param('organization') reference: string, @Param('name') name: string, @Query() query: unknown) {
    const { version } = readWire(PolicyQuery, query);
    const versions = await this.#versions(reference, name);
    const found = version === undefined ? versions.at(-1) : versions.find((one) => one.version === version);
    if (!found) throw notFound('policies.version_not_found', `Policy \`${name}\` has no version ${version}.`);
    const { document, publishedAt, by } = found;
    return { name, version: found.version, document, publishedAt, by };
  }

  @Get('policies/:name/versions')
  async versions(@Param('organization') reference: string, @Param('name') name: string) {
    const versions = await this.#versions(reference, name);
    return { versions: versions.map(({ version, publishedAt, by, note }) => ({ version, publishedAt, by, note })) };
  }

  async #versions(reference: string, name: string) {
    const versions = await this.inventory.versions(await this.finder.find(reference), name);
    if (versions.length === 0)
      throw notFound('policies.not_found', `There is no policy \`${name}\`; \`countersign policy list\` shows all.`);
    return versions;
  }
}
