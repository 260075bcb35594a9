import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataDirectoryInUse } from './claim.ts';
import { lockDataDirectory } from './data-directory.ts';
import { identify } from './process-identity.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'countersign-spec-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function claimFor(claim: object, root = directory): Promise<void> {
  await writeFile(path.join(root, 'supervisor.1.json'), JSON.stringify(claim));
}

async function sleeper() {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  return { child, identity: await identify(child.pid ?? 0) };
}

describe('a data directory', () => {
  it('has one supervisor, and the second is told who in one line', async () => {
    await lockDataDirectory(directory);
    const second = lockDataDirectory(directory);
    await expect(second).rejects.toBeInstanceOf(DataDirectoryInUse);
    await expect(second).rejects.toThrow(
      new RegExp(`^countersign already runs in ${directory} \\(process ${process.pid}\\).*$`),
    );
  });

  it('is free again once released', async () => {
    await (await lockDataDirectory(directory)).release();
    await expect(lockDataDirectory(directory)).resolves.toBeDefined();
  });

  it('is taken over from a supervisor that is gone', async () => {
    await claimFor({ supervisor: { pid: 4_194_303, started: 'yesterday' }, children: [] });
    await expect(lockDataDirectory(directory)).resolves.toBeDefined();
  });

  it('is taken over when the supervisor’s pid now belongs to somebody else', async () => {
    await claimFor({ supervisor: { pid: process.pid, started: 'yesterday' }, children: [] });
    await expect(lockDataDirectory(directory)).resolves.toBeDefined();
  });

  it('goes to exactly one of ten that take it over at once, in a hundred races', async () => {
    for (let race = 0; race < 100; race += 1) {
      const root = path.join(directory, String(race));
      await mkdir(root);
      await claimFor({ supervisor: { pid: 4_194_303, started: 'yesterday' }, children: [] }, root);
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => lockDataDirectory(root)));
      const losers = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      expect(losers.filter((reason) => reason instanceof DataDirectoryInUse)).toHaveLength(9);
      expect(await readdir(root)).toEqual(['supervisor.2.json']);
    }
  });

  it('ends the children that a killed supervisor left behind', async () => {
    const { child, identity } = await sleeper();
    await claimFor({ supervisor: { pid: 4_194_303, started: 'yesterday' }, children: [identity] });
    const ended = once(child, 'exit');
    await lockDataDirectory(directory);
    await ended;
  });

  it('leaves a process alone that merely has a child’s old pid', async () => {
    const { child } = await sleeper();
    await claimFor({
      supervisor: { pid: 4_194_303, started: 'yesterday' },
      children: [{ pid: child.pid, started: 'yesterday' }],
    });
    await lockDataDirectory(directory);
    expect(child.exitCode ?? child.signalCode).toBeNull();
    child.kill('SIGKILL');
  });

  it('remembers its children, and forgets those that ended', async () => {
    const held = await lockDataDirectory(directory);
    const first = await sleeper();
    await held.noteChild(first.child.pid ?? 0);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await sleeper();
    await held.noteChild(second.child.pid ?? 0);
    const claim = JSON.parse(await readFile(path.join(directory, 'supervisor.1.json'), 'utf8')) as {
      children: unknown[];
    };
    expect(claim.children).toEqual([second.identity]);
    second.child.kill('SIGKILL');
  });

  it('whose claim cannot be read is not taken', async () => {
    await writeFile(path.join(directory, 'supervisor.1.json'), '{');
    await expect(lockDataDirectory(directory)).rejects.toThrow(/not a claim of ours/);
  });
});
