import { readConfig } from '@countersign/config';
import { z } from 'zod';

const WorkerConfig = z
  .object({
    // The app's own role, as for the api.
    DATABASE_URL: z.url('set it to the URL of the role countersign_app'),
    // Where jobs wait; without it they wait in Postgres.
    REDIS_URL: z.url().optional(),
    // How long a hold may be past due before the ledger says so. No decision depends on it.
    SWEEP_SECONDS: z.coerce.number().int().min(1).max(300).default(2),
  })
  .transform((env) => ({ databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL, sweepSeconds: env.SWEEP_SECONDS }));
export type WorkerConfig = z.infer<typeof WorkerConfig>;

/** The only place of this app that reads the environment. @throws naming every problem at once. */
export const workerConfig = (): WorkerConfig => readConfig('worker', WorkerConfig, process.env);
