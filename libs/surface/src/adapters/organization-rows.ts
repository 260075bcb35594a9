import { OrganizationId } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { ReadingDatabase } from './reading-database.ts';

export interface OrganizationName {
  readonly id: OrganizationId;
  readonly name: string;
}

/** Which organizations there are. The only question of this library that crosses tenants; it answers ids and names. */
@Injectable()
export class OrganizationRows {
  constructor(private readonly database: ReadingDatabase) {}

  async all(): Promise<readonly OrganizationName[]> {
    const rows = await this.database.reads<{ id: string; name: string }[]>`
      select organization_id as id, name from enforcement.organizations_all()`;
    return rows.map(({ id, name }) => ({ id: id as OrganizationId, name }));
  }

  /** All that go by this id or name: two may have one name if they were made at the same moment. */
  async named(idOrName: string): Promise<readonly OrganizationName[]> {
    const known = await this.all();
    const isId = OrganizationId.safeParse(idOrName).success;
    return known.filter(({ id, name }) => (isId ? id === idOrName.toLowerCase() : name === idOrName));
  }
}
