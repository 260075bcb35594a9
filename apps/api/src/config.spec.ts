import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readConfig } from '@countersign/config';
import { describe, expect, it } from 'vitest';
import { ApiConfig } from './config.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const database = { DATABASE_URL: 'postgres://countersign_app@localhost/countersign' };

/** Set by whoever wants another value than the process' own, and named where that is explained. */
const ELSEWHERE = ['SIGNING_KEY_FILE', 'CHECKPOINT_DIR'];

describe('the settings of the api', () => {
  it('are all in .env.example, with their defaults', async () => {
    const lines = (await readFile(path.join(repository, '.env.example'), 'utf8')).split('\n');
    const documented = Object.fromEntries(
      lines
        .filter((line) => /^[A-Z_]+=/.test(line))
        .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    const names = Object.keys(ApiConfig.in.shape).filter((name) => !ELSEWHERE.includes(name));
    expect(Object.keys(documented)).toEqual(expect.arrayContaining(names));
    expect(readConfig('api', ApiConfig, { ...documented, ...database })).toEqual(
      readConfig('api', ApiConfig, database),
    );
  });

  it('say everything that is wrong at once, the library’s own included', () => {
    const wrong = { PUBLIC_URL: 'http://10.0.0.1', AUTH_SECRET: 'short', OIDC_ISSUER: 'https://id.example' };
    const message = expect.stringMatching(/DATABASE_URL: .*\n(.*\n)*.*PUBLIC_URL: .*\n.*AUTH_SECRET: /);
    expect(() => readConfig('api', ApiConfig, wrong)).toThrow(expect.objectContaining({ message }));
  });
});
