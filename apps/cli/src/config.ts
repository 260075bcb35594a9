import path from 'node:path';
import type { Environment } from '@countersign/config';
import { z } from 'zod';

/** The only place of this app that reads the environment. */
export const environment: Environment = process.env;

const port = z.coerce.number().int().min(1).max(65_535);

export const StartConfig = z
  .object({
    API_PORT: port.default(4000),
    CONSOLE_PORT: port.default(3000),
    // Database, keys, credentials and logs of an embedded system. Everything in it is lost with it.
    COUNTERSIGN_DATA_DIR: z.string().default('.countersign'),
    // A Postgres of your own, with the role countersign_app. Set: no embedded Postgres and no demo organization.
    DATABASE_URL: z.url().optional(),
    // The owner of that database; set: migrations are applied at the start.
    DATABASE_ADMIN_URL: z.url().optional(),
    // A Redis for the queues; without it they live in Postgres.
    REDIS_URL: z.url().optional(),
  })
  .transform((env) => ({
    apiPort: env.API_PORT,
    consolePort: env.CONSOLE_PORT,
    dataDirectory: path.resolve(env.COUNTERSIGN_DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    databaseAdminUrl: env.DATABASE_ADMIN_URL,
    redisUrl: env.REDIS_URL,
  }));
export type StartConfig = z.infer<typeof StartConfig>;

export const MigrateConfig = z
  .object({
    DATABASE_ADMIN_URL: z.url('set it to the URL of the role that owns the database'),
    // Its password becomes the app role's, when its role is countersign_app.
    DATABASE_URL: z.url().optional(),
  })
  .transform((env) => ({ adminUrl: env.DATABASE_ADMIN_URL, databaseUrl: env.DATABASE_URL }));
export type MigrateConfig = z.infer<typeof MigrateConfig>;

export const ConnectionConfig = z
  .object({
    // Where credentials of a system started here are kept.
    COUNTERSIGN_DATA_DIR: z.string().default('.countersign'),
    // For scripts and for systems elsewhere; flags win over these, these win over the files.
    COUNTERSIGN_URL: z.url().optional(),
    COUNTERSIGN_TOKEN: z.string().optional(),
    COUNTERSIGN_ORGANIZATION: z.string().optional(),
    // Any value turns colours off (no-color.org).
    NO_COLOR: z.string().optional(),
  })
  .transform((env) => ({
    dataDirectory: path.resolve(env.COUNTERSIGN_DATA_DIR),
    url: env.COUNTERSIGN_URL,
    token: env.COUNTERSIGN_TOKEN,
    organization: env.COUNTERSIGN_ORGANIZATION,
    wantsColour: env.NO_COLOR === undefined,
  }));
export type ConnectionConfig = z.infer<typeof ConnectionConfig>;

export const InitConfig = z
  .object({
    DATABASE_URL: z.url('set it to the URL of the role countersign_app'),
    COUNTERSIGN_DATA_DIR: z.string().default('.countersign'),
  })
  .transform((env) => ({ databaseUrl: env.DATABASE_URL, dataDirectory: path.resolve(env.COUNTERSIGN_DATA_DIR) }));
export type InitConfig = z.infer<typeof InitConfig>;
