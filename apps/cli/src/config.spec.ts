import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readConfig } from '@countersign/config';
import { describe, expect, it } from 'vitest';
import { StartConfig } from './config.ts';

const repository = path.resolve(import.meta.dirname, '../../..');

describe('the settings of a start', () => {
  it('are all in .env.example, with their defaults', async () => {
    const lines = (await readFile(path.join(repository, '.env.example'), 'utf8')).split('\n');
    const documented = Object.fromEntries(
      lines
        .filter((line) => /^[A-Z_]+=/.test(line))
        .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    expect(Object.keys(documented)).toEqual(expect.arrayContaining(Object.keys(StartConfig.in.shape)));
    expect(readConfig('start', StartConfig, documented)).toEqual(readConfig('start', StartConfig, {}));
  });

  it('need nothing set', () => {
    expect(readConfig('start', StartConfig, {})).toMatchObject({
      apiPort: 4000,
      consolePort: 3000,
      databaseUrl: undefined,
    });
  });

  it('say how each wrong one is to be', () => {
    expect(() => readConfig('start', StartConfig, { API_PORT: '0', DATABASE_URL: 'db' })).toThrow(
      /API_PORT: .*\n.*DATABASE_URL: /,
    );
  });
});
