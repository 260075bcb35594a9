import path from 'node:path';
import { readConfig } from '@countersign/config';
import { checkIdentitySettings, identityConfigOf, identitySettings } from '@countersign/identity-server';
import { secretsSettings } from '@countersign/kept-secrets';
import { z } from 'zod';

export const ApiConfig = z
  .object({
    // The app's own role, which may neither own nor rewrite anything; the owner's URL is for `countersign migrate`.
    DATABASE_URL: z.url('set it to the URL of the role countersign_app'),
    // Loopback unless said otherwise: whoever opens it to a network puts TLS before it.
    API_HOST: z.string().default('127.0.0.1'),
    // Signing keys, the signer's memory and the checkpoint files.
    COUNTERSIGN_DATA_DIR: z.string().default('.countersign'),
    // The name checkpoints are signed under, as `<host>/<organization id>`. Must not change once a ledger is open.
    COUNTERSIGN_HOST: z.string().min(1).default('countersign.local'),
    // One or more Ed25519 keys as PEM, from a secret store. Without it keys are made and kept in the data directory.
    SIGNING_KEY_FILE: z.string().optional(),
    // Where every signed checkpoint is kept outside of the database; better on another machine's disk.
    CHECKPOINT_DIR: z.string().optional(),
    ...identitySettings,
    ...secretsSettings,
  })
  .superRefine(checkIdentitySettings)
  .transform((env) => ({
    databaseUrl: env.DATABASE_URL,
    port: env.API_PORT,
    host: env.API_HOST,
    dataDirectory: path.resolve(env.COUNTERSIGN_DATA_DIR),
    logHost: env.COUNTERSIGN_HOST,
    signingKeyFile: env.SIGNING_KEY_FILE,
    checkpointDirectory: env.CHECKPOINT_DIR,
    identity: identityConfigOf(env),
    secrets: { SECRETS_KEY: env.SECRETS_KEY },
  }));
export type ApiConfig = z.infer<typeof ApiConfig>;

/** The only place of this app that reads the environment. @throws naming every problem at once. */
export const apiConfig = (): ApiConfig => readConfig('api', ApiConfig, process.env);
