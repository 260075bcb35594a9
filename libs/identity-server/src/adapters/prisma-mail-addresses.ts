import { MailAddresses } from '@countersign/identity/people';
import type { IdentityDatabase } from '@countersign/prisma';
import { isPersonId } from './person-id.ts';

/** Addresses in `identity.users`. */
export class PrismaMailAddresses extends MailAddresses {
  constructor(private readonly database: IdentityDatabase) {
    super();
  }

  override async of(userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.user.findMany({
      where: { id: { in: userIds.filter(isPersonId) }, emailVerified: true },
      select: { id: true, email: true },
    });
    return new Map(rows.map(({ id, email }) => [id, email]));
  }
}
