import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptSecret } from './kept-secret.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'countersign-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the secret that is kept', () => {
  it('is made once, however many start at once, and only its owner reads it', async () => {
    const file = path.join(folder, 'new', 'auth-secret');
    const secrets = await Promise.all(Array.from({ length: 10 }, () => keptSecret(file)));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[\w-]{43}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await keptSecret(file)).toBe((await readFile(file, 'utf8')).trim());
  });

  it('is never replaced: a file that holds none is said', async () => {
    const file = path.join(folder, 'torn');
    await writeFile(file, 'short');
    await expect(keptSecret(file)).rejects.toThrow(/holds no secret/);
  });
});
