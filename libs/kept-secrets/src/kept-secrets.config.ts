import path from 'node:path';
import { z } from 'zod';
import { keepSecrets, type KeptSecrets } from './kept-secrets.ts';
import { keptSecret } from './kept-secret.ts';

const LENGTH_MIN = 32;

/** What seals secrets that lie in the database. Apps that read them, or make them, need the same. */
export const secretsSettings = {
  // One key, or several separated by commas: the first seals, all of them open. Without it, one is made and kept in the
  // data directory. Whoever loses it rotates the secrets of every webhook endpoint.
  SECRETS_KEY: z
    .string()
    .transform((keys) => keys.split(',').map((key) => key.trim()))
    .refine((keys) => keys.every(({ length }) => length >= LENGTH_MIN), {
      message: 'each key must have at least 32 characters: `openssl rand -base64 32`',
    })
    .optional(),
} as const;

type Settings = z.infer<z.ZodObject<typeof secretsSettings>>;

export async function keptSecretsOf({ SECRETS_KEY }: Settings, dataDirectory: string): Promise<KeptSecrets> {
  const [first, ...more] = SECRETS_KEY ?? [];
  return keepSecrets([first ?? (await keptSecret(path.join(dataDirectory, 'secrets-key'))), ...more]);
}
