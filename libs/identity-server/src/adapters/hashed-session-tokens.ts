import { createHash } from 'node:crypto';
import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth';

/** 190 random bits cannot be guessed backwards: one round is enough, and costs a request nothing. */
export const hashOfSessionToken = (token: string) => createHash('sha256').update(token).digest('base64url');

/**
 * Keeps sessions by the hash of their token, which the library by itself keeps in plain text (I13): who reads the table
 * cannot sign in by it. The library goes on asking by the token and finds it in its answers.
 *
 * Where it reads sessions otherwise than by token, their `token` is the hash and good for nothing; the routes that
 * would act on it (`/list-sessions`, `/revoke-session`, `/revoke-other-sessions`) are not served.
 */
export function hashSessionTokens(inner: DBAdapter): DBAdapter {
  return {
    ...withHashes(inner),
    ...(inner.options && { options: inner.options }),
    transaction: (work) => inner.transaction((tx) => work(withHashes(tx))),
  };
}

interface Asked {
  readonly model: string;
  readonly where?: Where[] | undefined;
}

const withHashes = <Adapter extends DBTransactionAdapter>(inner: Adapter): Adapter => ({
  ...inner,
  create: async (asked: Parameters<Adapter['create']>[0]) => {
    if (asked.model !== 'session') return inner.create(asked);
    const token = (asked.data as { token: string }).token;
    const row = await inner.create<object>({ ...asked, data: { ...asked.data, token: hashOfSessionToken(token) } });
    return { ...row, token };
  },
  findOne: async (asked: Parameters<Adapter['findOne']>[0]) => revealed(asked, await inner.findOne(hashed(asked))),
  findMany: async (asked: Parameters<Adapter['findMany']>[0]) => {
    const rows = await inner.findMany(hashed(asked));
    return rows.map((row) => revealed(asked, row));
  },
  update: async (asked: Parameters<Adapter['update']>[0]) => revealed(asked, await inner.update(hashed(asked))),
  updateMany: (asked: Parameters<Adapter['updateMany']>[0]) => inner.updateMany(hashed(asked)),
  delete: (asked: Parameters<Adapter['delete']>[0]) => inner.delete(hashed(asked)),
  deleteMany: (asked: Parameters<Adapter['deleteMany']>[0]) => inner.deleteMany(hashed(asked)),
  count: (asked: Parameters<Adapter['count']>[0]) => inner.count(hashed(asked)),
});

const isToken = ({ field }: Where) => field === 'token';

function hashed<Question extends Asked>(asked: Question): Question {
  if (asked.model !== 'session' || !asked.where?.some(isToken)) return asked;
  return {
    ...asked,
    where: asked.where.map((each) => (isToken(each) ? { ...each, value: hashOf(each.value) } : each)),
  };
}

const hashOf = (value: Where['value']): Where['value'] =>
  Array.isArray(value) ? value.map((each) => hashOfSessionToken(String(each))) : hashOfSessionToken(String(value));

/** Puts back the token that a session was asked for by. */
function revealed<Row>(asked: Asked, row: Row): Row {
  if (asked.model !== 'session' || !isSession(row)) return row;
  const tokens = asked.where?.filter(isToken).flatMap(({ value }) => (Array.isArray(value) ? value : [value])) ?? [];
  const token = tokens.find((each) => hashOfSessionToken(String(each)) === row.token);
  return token === undefined ? row : { ...row, token };
}

const isSession = (row: unknown): row is { token: string } =>
  typeof row === 'object' && row !== null && 'token' in row && typeof row.token === 'string';
