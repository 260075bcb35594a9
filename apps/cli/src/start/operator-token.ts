import { findOperatorToken, openIdentityDatabase, replaceOperatorToken } from '@countersign/prisma';

const LABEL = 'countersign start';

/**
 * Gives the token the operator's commands use: the known one while the database accepts it, else a new one, which
 * replaces whatever token a start made before. It is written straight into the database, for nobody could ask for one
 * yet.
 */
export async function ensureOperatorToken(databaseUrl: string, known: string | undefined): Promise<string> {
  const identity = openIdentityDatabase(databaseUrl, { connections: 1 });
  try {
    if (known !== undefined && (await findOperatorToken(identity, known))) return known;
    return (await replaceOperatorToken(identity, LABEL)).token;
  } finally {
    await identity.$disconnect();
  }
}
