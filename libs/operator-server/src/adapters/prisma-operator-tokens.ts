import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { IdentityDatabase } from '@countersign/prisma';
import {
  hashOfToken,
  isOperatorToken,
  newOperatorToken,
  OperatorTokens,
  type IssuedOperatorToken,
  type OperatorIdentity,
} from '../application/operator-tokens.ts';

/** Operator tokens in `identity.operator_tokens`. */
export class PrismaOperatorTokens extends OperatorTokens {
  constructor(private readonly identity: IdentityDatabase) {
    super();
  }

  async find(token: string): Promise<OperatorIdentity | null> {
    if (!isOperatorToken(token)) return null;
    const hash = hashOfToken(token);
    const row = await this.identity.operatorToken.findUnique({ where: { hash: Uint8Array.from(hash) } });
    // The index compared hashes, which tells nobody anything about a token; this compares in constant time as well.
    if (!row || row.revokedAt !== null || !timingSafeEqual(row.hash, hash)) return null;
    return { tokenId: row.id, label: row.label };
  }

  async issue(label: string): Promise<IssuedOperatorToken> {
    const token = newOperatorToken();
    const tokenId = randomUUID();
    await this.identity.operatorToken.create({
      data: { id: tokenId, hash: Uint8Array.from(hashOfToken(token)), label },
    });
    return { token, tokenId, label };
  }

  async revoke(tokenId: string): Promise<boolean> {
    const { count } = await this.identity.operatorToken.updateMany({
      where: { id: tokenId, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return count > 0;
  }
}
