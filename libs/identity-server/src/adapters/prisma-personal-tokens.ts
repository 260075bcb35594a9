import { uuidv7 } from '@countersign/crypto';
import { RIGHTS, type TokenRights } from '@countersign/identity';
import {
  PersonalTokens,
  type IssuedPersonalToken,
  type PersonalTokenCard,
  type PersonalTokenWish,
  type SignedIn,
} from '@countersign/identity/people';
import { instant } from '@countersign/kernel';
import type { IdentityDatabase } from '@countersign/prisma';
import { hashOfPersonalToken, isPersonalToken, newPersonalToken, prefixOf } from '../application/personal-token.ts';

interface Found {
  readonly id: string;
  readonly user_id: string;
  readonly rights: string[];
  readonly organization_id: string | null;
  readonly issued_at: number;
  readonly is_stale: boolean;
}

const card = {
  id: true,
  name: true,
  prefix: true,
  rights: true,
  organizationId: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
} as const;

/** Personal tokens in `identity.personal_tokens`; whether one still works is judged by Postgres' clock. */
export class PrismaPersonalTokens extends PersonalTokens {
  constructor(private readonly database: IdentityDatabase) {
    super();
  }

  async issue({ userId, name, rights, organizationId, expiresAt }: PersonalTokenWish): Promise<IssuedPersonalToken> {
    const token = newPersonalToken();
    const row = await this.database.personalToken.create({
      data: {
        id: uuidv7(Date.now()),
        userId,
        hash: hashOfPersonalToken(token),
        prefix: prefixOf(token),
        name,
        rights: [...rights],
        organizationId,
        expiresAt,
      },
      select: card,
    });
    return { ...cardOf(row), token };
  }

  async list(userId: string): Promise<readonly PersonalTokenCard[]> {
    const rows = await this.database.personalToken.findMany({
      where: { userId, revokedAt: null, expiresAt: { gt: new Date() } },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      select: card,
    });
    return rows.map(cardOf);
  }

  async revoke(userId: string, tokenId: string): Promise<boolean> {
    const { count } = await this.database.personalToken.updateMany({
      where: { id: tokenId, userId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return count > 0;
  }

  /** Who carries it, and when they last did. Null for what is none, is over or was revoked. */
  async whoCarries(token: string): Promise<SignedIn | null> {
    if (!isPersonalToken(token)) return null;
    const [found] = await this.database.$queryRaw<Found[]>`
      select id, user_id, rights, organization_id, extract(epoch from created_at)::float8 * 1000 as issued_at,
             last_used_at is null or last_used_at < now() - interval '5 minutes' as is_stale
        from identity.personal_tokens
       where hash = ${hashOfPersonalToken(token)} and revoked_at is null and expires_at > now()`;
    if (!found) return null;
    if (found.is_stale) await this.#touch(found.id);
    const { id: credential, user_id: userId, organization_id: organizationId } = found;
    const issuedAt = instant(Math.floor(found.issued_at));
    return { userId, by: 'token', method: 'token', credential, issuedAt, rights: known(found.rights), organizationId };
  }

  async #touch(id: string): Promise<void> {
    await this.database.$executeRaw`
      update identity.personal_tokens set last_used_at = now() where id = ${id}::uuid`;
  }
}

/** A right that this version does not know gives nothing. */
const known = (rights: readonly string[]): TokenRights => RIGHTS.filter((right) => rights.includes(right));

const cardOf = <Row extends { readonly rights: string[] }>(row: Row) => ({ ...row, rights: known(row.rights) });
