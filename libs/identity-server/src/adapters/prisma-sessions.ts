import type { IdentityDatabase } from '@countersign/prisma';
import { Sessions, type SessionCard } from '../application/sessions.ts';

/** Sessions in `identity.sessions`, by their ids; the library knows them by their tokens. */
export class PrismaSessions extends Sessions {
  constructor(private readonly database: IdentityDatabase) {
    super();
  }

  async list(userId: string): Promise<readonly SessionCard[]> {
    const rows = await this.database.session.findMany({
      where: { userId, expiresAt: { gt: new Date() } },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: 200,
    });
    return rows.map(({ id, method, ipAddress, userAgent, createdAt, expiresAt }) => ({
      id,
      method,
      address: ipAddress === '' ? null : ipAddress,
      userAgent: userAgent === '' ? null : userAgent,
      createdAt,
      expiresAt,
    }));
  }

  async end(userId: string, sessionId: string): Promise<boolean> {
    return (await this.database.session.deleteMany({ where: { id: sessionId, userId } })).count > 0;
  }
}
