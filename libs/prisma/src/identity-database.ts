import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../../../prisma/generated/client.ts';

/** Who someone is (schema `identity`), through Prisma. What someone may do is events and enforcement rows, never here. */
export type IdentityDatabase = PrismaClient;

/**
 * Opens the identity tables on the application's own role. Nothing is connected until the first query;
 * `$disconnect()` ends its connections. No engine runs beside it and nothing is downloaded: the adapter speaks `pg`.
 */
export function openIdentityDatabase(url: string, { connections }: { readonly connections: number }): IdentityDatabase {
  return new PrismaClient({
    adapter: new PrismaPg({
      connectionString: url,
      max: connections,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 5_000,
    }),
  });
}
