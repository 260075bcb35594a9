import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { startSystem, type System } from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../../../..');
const cli = path.join(root, 'dist', 'cli', 'main.js');
const recountScript = path.join(root, 'docs', 'examples', 'airline', 'recount.mjs');
const small = path.join(root, 'docs', 'examples', 'runs', 'small.ndjson');
/** Beside the repository; not part of it. */
const airline = path.join(root, '..', 'shared', 'data', 'airline-agent-runs.ndjson');

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const countersign = async (...args: string[]) => {
  const access = ['--url', system.apis[0]?.url ?? '', '--token', system.operatorToken];
  const { stdout } = await run(process.execPath, [cli, ...args, ...access], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
};

const recounted = async (file: string): Promise<unknown> =>
  JSON.parse((await run(process.execPath, [recountScript, file])).stdout);

describe('countersign replay', () => {
  it.each([
    ['the small recording', small],
    ['the recorded airline runs', airline],
  ])('of %s counts what an independent script counts, and leaves a ledger that verifies', async (name, file) => {
    if (!existsSync(file)) return console.log(`not run: ${name}: ${file} not found`);
    const report = JSON.parse(await countersign('replay', file, '--json')) as { ledger: unknown };
    expect(report).toMatchObject((await recounted(file)) as object);
    expect(report.ledger).toMatchObject({ ok: true });
  });

  it('twice into one organization counts nothing twice', async () => {
    const first = JSON.parse(await countersign('replay', small, '--into', 'rehearsal', '--json')) as {
      byIntent: unknown;
      spentUsd: unknown;
    };
    const second = JSON.parse(await countersign('replay', small, '--into', 'rehearsal', '--json')) as typeof first;
    expect(second).toMatchObject({ byIntent: first.byIntent, spentUsd: first.spentUsd });
  });

  it.each(['approve', 'deny'])('refuses --asks %s, which it cannot do yet, before it sends anything', async (asks) => {
    const failed = await countersign('replay', small, '--asks', asks).catch(
      (error: { code: number; stderr: string }) => error,
    );
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('not available yet') as string });
  });

  it('names the file, the line and the field of what is no recording', async () => {
    const failed = await countersign('replay', path.join(root, 'package.json')).catch(
      (error: { code: number; stderr: string }) => error,
    );
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('line 1') as string });
  });
});

describe('countersign demo', () => {
  it('tells the same story three times in a row', async () => {
    const tellings = [await countersign('demo'), await countersign('demo'), await countersign('demo')];
    expect(tellings[1]).toBe(tellings[0]);
    expect(tellings[2]).toBe(tellings[0]);
    for (const word of ['allowed', 'asked', 'blocked', 'may spend 0.1 USD']) expect(tellings[0]).toContain(word);
  });
});
