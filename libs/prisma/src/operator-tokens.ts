import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IdentityDatabase } from './identity-database.ts';

/** Whose token it is; the label is recorded as the actor of every event the token causes. */
export interface KnownOperatorToken {
  readonly tokenId: string;
  readonly label: string;
}

/** A token just made. The only time it can be read: the database keeps its SHA-256 (I13). */
export interface NewOperatorToken extends KnownOperatorToken {
  readonly token: string;
}

/** Null for what is no token, is unknown, or was revoked: a caller cannot tell these apart. */
export async function findOperatorToken(identity: IdentityDatabase, token: string): Promise<KnownOperatorToken | null> {
  if (!/^cso_[A-Za-z0-9_-]{43}$/.test(token)) return null;
  const hash = hashOf(token);
  const row = await identity.operatorToken.findUnique({ where: { hash } });
  // The index compared hashes, which tells nobody anything about a token; this compares in constant time as well.
  if (!row || row.revokedAt !== null || !timingSafeEqual(row.hash, hash)) return null;
  return { tokenId: row.id, label: row.label };
}

export async function issueOperatorToken(identity: IdentityDatabase, label: string): Promise<NewOperatorToken> {
  const { row, issued } = newToken(label);
  await identity.operatorToken.create({ data: row });
  return issued;
}

/** As `issueOperatorToken`, and revokes every other token of the label in the same transaction. */
export async function replaceOperatorToken(identity: IdentityDatabase, label: string): Promise<NewOperatorToken> {
  const { row, issued } = newToken(label);
  await identity.$transaction([
    identity.operatorToken.updateMany({ where: { label, revokedAt: null }, data: { revokedAt: new Date() } }),
    identity.operatorToken.create({ data: row }),
  ]);
  return issued;
}

/** Exact: the next request that carries it is refused. False when there is no such token. */
export async function revokeOperatorToken(identity: IdentityDatabase, tokenId: string): Promise<boolean> {
  const { count } = await identity.operatorToken.updateMany({
    where: { id: tokenId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  return count > 0;
}

/** `cso_` and 32 random bytes: nobody guesses it, and scanners for leaked secrets know it by its prefix. */
function newToken(label: string) {
  const token = `cso_${randomBytes(32).toString('base64url')}`;
  const tokenId = randomUUID();
  return { row: { id: tokenId, hash: hashOf(token), label }, issued: { token, tokenId, label } };
}

/** 256 random bits cannot be guessed backwards, so one round of SHA-256 is enough and costs a request nothing. */
const hashOf = (token: string) => Uint8Array.from(createHash('sha256').update(token).digest());
