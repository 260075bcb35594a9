import type { z } from 'zod';

/** What `process.env` is, without naming `process`: apps hand it over, libraries never reach for it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings do not make sense together or alone; the message lists every problem, one a line. */
export class ConfigurationError extends Error {
  readonly code = 'config.invalid';
  override readonly name = 'ConfigurationError';
}

/**
 * Reads one section of the environment, or explains every problem at once.
 *
 * An empty variable counts as one that is not set: compose files and `.env` files write `REDIS_URL=` to mean "none".
 *
 * @throws ConfigurationError naming each variable, what is wrong with it and what would be right; never its value,
 * which may be a password.
 */
export function readConfig<Schema extends z.ZodType>(
  section: string,
  schema: Schema,
  env: Environment,
): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;

  const problems = result.error.issues.map(({ path, message }) => `  ${path.join('.') || '(all)'}: ${message}`);
  throw new ConfigurationError([`invalid ${section} configuration`, ...problems].join('\n'));
}
