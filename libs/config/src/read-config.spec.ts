import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigurationError, readConfig } from './read-config.ts';

const Server = z
  .object({
    API_PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
    DATABASE_URL: z.url(),
    REDIS_URL: z.url().optional(),
  })
  .transform((env) => ({ port: env.API_PORT, databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL }));

const url = 'postgres://ada@db/countersign';

function problemsOf(env: Record<string, string>): string {
  try {
    readConfig('server', Server, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('the configuration was accepted');
}

describe('reading a section of the environment', () => {
  it('gives the settings in their own names and units', () => {
    expect(readConfig('server', Server, { DATABASE_URL: url })).toEqual({
      port: 4000,
      databaseUrl: url,
      redisUrl: undefined,
    });
  });

  it('treats an empty variable as one that is not set', () => {
    expect(readConfig('server', Server, { DATABASE_URL: url, API_PORT: '', REDIS_URL: '' }).port).toBe(4000);
  });

  it('names the section and every problem at once', () => {
    const message = problemsOf({ API_PORT: '70000', REDIS_URL: 'nowhere' });
    expect(message.split('\n')[0]).toBe('invalid server configuration');
    expect(message).toContain('  API_PORT: ');
    expect(message).toContain('  DATABASE_URL: ');
    expect(message).toContain('  REDIS_URL: ');
  });

  it('I13: never repeats a value, which may be a password', () => {
    expect(problemsOf({ DATABASE_URL: 'hunter2-is-not-a-url' })).not.toContain('hunter2');
  });
});
