import path from 'node:path';
import { readConfig } from '@countersign/config';
import { secretsSettings } from '@countersign/kept-secrets';
import { mailConfigOf, mailSettings } from '@countersign/mail';
import { noticeConfigOf, noticeSettings } from '@countersign/notices-server';
import { z } from 'zod';

export const WorkerConfig = z
  .object({
    // The app's own role, as for the api.
    DATABASE_URL: z.url('set it to the URL of the role countersign_app'),
    // Where jobs wait; without it they wait in Postgres.
    REDIS_URL: z.url().optional(),
    // Where the key of kept secrets is, unless SECRETS_KEY says it: the same as the api's.
    COUNTERSIGN_DATA_DIR: z.string().default('.countersign'),
    // How long a hold may be past due before the ledger says so, and news before it is told. No decision depends on it.
    SWEEP_SECONDS: z.coerce.number().int().min(1).max(300).default(2),
    ...mailSettings,
    ...secretsSettings,
    ...noticeSettings,
  })
  .transform((env) => ({
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    dataDirectory: path.resolve(env.COUNTERSIGN_DATA_DIR),
    sweepSeconds: env.SWEEP_SECONDS,
    mail: mailConfigOf(env),
    secrets: { SECRETS_KEY: env.SECRETS_KEY },
    notices: noticeConfigOf(env),
  }));
export type WorkerConfig = z.infer<typeof WorkerConfig>;

/** The only place of this app that reads the environment. @throws naming every problem at once. */
export const workerConfig = (): WorkerConfig => readConfig('worker', WorkerConfig, process.env);
