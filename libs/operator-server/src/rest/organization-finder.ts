import { notFound, ProblemAnswer } from '@countersign/http';
import type { OrganizationId } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { OrganizationRows } from '@countersign/surface';

/** Finds the organization that a path names, by id or name. */
@Injectable()
export class OrganizationFinder {
  constructor(private readonly organizations: OrganizationRows) {}

  /** @throws {ProblemAnswer} 404, or 409 when two organizations share the name. */
  async find(idOrName: string): Promise<OrganizationId> {
    const [organization, other] = await this.organizations.named(idOrName);
    if (!organization)
      throw notFound(
        'operator.organization_not_found',
        'There is no such organization; `countersign organization list` shows all.',
      );
    if (other)
      throw new ProblemAnswer({
        status: 409,
        code: 'operator.organization_ambiguous',
        title: 'Ambiguous',
        detail: 'Two organizations have that name: give the id instead.',
      });
    return organization.id;
  }
}
