import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolders } from './make-folders.ts';

describe('makeFolders', () => {
  let base: string;

  beforeEach(async () => (base = await mkdtemp(path.join(tmpdir(), 'make-folders-'))));
  afterEach(() => rm(base, { recursive: true }));

  it('makes what is missing, and says whether anything was', async () => {
    const folder = path.join(base, 'a', 'b', 'c');
    expect(await makeFolders(folder)).toBe(true);
    expect((await stat(folder)).isDirectory()).toBe(true);
    expect(await makeFolders(folder)).toBe(false);
  });

  it('takes what somebody else makes at the same moment', async () => {
    const folder = path.join(base, 'a', 'b');
    await Promise.all([makeFolders(folder), makeFolders(folder), makeFolders(folder)]);
    expect((await stat(folder)).isDirectory()).toBe(true);
  });

  it('refuses where a file is in the way', async () => {
    await writeFile(path.join(base, 'file'), '');
    await expect(makeFolders(path.join(base, 'file'))).rejects.toThrow(/EEXIST/);
    await expect(makeFolders(path.join(base, 'file', 'folder'))).rejects.toThrow(/EEXIST|ENOTDIR/);
  });

  it.runIf(process.platform === 'linux')('refuses, at once, below a folder that takes no other', async () => {
    await expect(makeFolders('/proc/nowhere/at/all')).rejects.toThrow(/ENOENT|EACCES|EPERM/);
  });
});
