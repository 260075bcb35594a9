import path from 'node:path';
import { z } from 'zod';

export const LedgerConfig = z
  .object({
    // The name checkpoints are signed under, as `<host>/<organization id>`. A ledger keeps the one it was opened with.
    COUNTERSIGN_HOST: z
      .string()
      .regex(/^[^\s+/\p{Cc}]+$/u, 'must be one word without `+` and `/`, such as `ledger.example`')
      .default('countersign.local'),
    // Signing keys, what the signer signed last, and the checkpoint files, unless the variables below say otherwise.
    COUNTERSIGN_DATA_DIR: z.string().default('.countersign'),
    // One or more Ed25519 private keys as PEM (PKCS #8), the one for new ledgers first. Not set: keys are made and kept
    // as files of mode 600 in the data directory. With several hosts it must be set, or only one of them can sign.
    SIGNING_KEY_FILE: z.string().optional(),
    // What the signer remembers must survive the database, and be shared by all that sign: a folder on a volume.
    SIGNER_STATE_DIR: z.string().optional(),
    // Where checkpoints go besides the database; best where its administrators cannot write.
    CHECKPOINT_DIR: z.string().optional(),
  })
  .transform((env) => ({
    host: env.COUNTERSIGN_HOST,
    signingKeyFile: env.SIGNING_KEY_FILE,
    signingKeyDirectory: path.resolve(env.COUNTERSIGN_DATA_DIR, 'signing-keys'),
    signerStateDirectory: path.resolve(env.SIGNER_STATE_DIR ?? path.join(env.COUNTERSIGN_DATA_DIR, 'signer-state')),
    checkpointDirectory: path.resolve(env.CHECKPOINT_DIR ?? path.join(env.COUNTERSIGN_DATA_DIR, 'checkpoints')),
  }));
export type LedgerConfig = z.infer<typeof LedgerConfig>;
