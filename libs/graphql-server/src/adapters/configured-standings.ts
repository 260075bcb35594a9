import type { Configurations } from '@countersign/decisions';
import { stranger, type Standing } from '@countersign/identity';
import { standingOfSignedIn, type SignedIn } from '@countersign/identity/people';
import type { OrganizationId } from '@countersign/kernel';
import { inTenant, type Sql } from '@countersign/postgres';
import { Standings } from '../request/caller.ts';

/**
 * Standings as the organization's rows say them. Whether somebody is a member is asked first, by an index: so an
 * organization that does not exist and one that is not theirs take the same time to refuse (I7).
 */
export class ConfiguredStandings extends Standings {
  constructor(
    private readonly reads: Sql,
    private readonly configurations: Configurations,
  ) {
    super();
  }

  async of(signedIn: SignedIn, organizationId: OrganizationId): Promise<Standing> {
    if (!(await this.#isMember(signedIn.userId, organizationId))) return stranger;
    const { state } = await this.configurations.read(organizationId);
    return standingOfSignedIn(signedIn, state);
  }

  async #isMember(userId: string, organizationId: OrganizationId): Promise<boolean> {
    const rows = await inTenant(
      this.reads,
      organizationId,
      (sql) => sql`
        select from enforcement.members
         where organization_id = ${organizationId}::text::uuid and user_id = ${userId} and status = 'active'`,
    );
    return rows.length > 0;
  }
}
