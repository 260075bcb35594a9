import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
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
  const env = { ...process.env, COUNTERSIGN_DATA_DIR: system.dataFolder };
  const wish = { cwd: root, maxBuffer: 64 * 1024 * 1024, env };
  const { stdout } = await run(process.execPath, [cli, ...args, ...access], wish);
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
    for (const word of ['allowed', 'blocked', 'may spend 0.1 USD']) expect(tellings[0]).toContain(word);
  }, 60_000);

  it('shows what people do: a quorum of two, an escalation, a denial, a grant that runs out, a stop', async () => {
    const told = await countersign('demo');
    for (const line of [
      'asked: 2 people of treasury must say yes',
      'grace says yes',
      'edsger says yes',
      'done by the permit, once, and reported',
      'asked: one person of support must say yes; if nobody answers, it goes on to treasury',
      'nobody answers, and it goes on to treasury',
      'denied: the agent is told "offer a voucher instead"',
      'mary says yes, and grants the next 3',
      '3 times more: done by the grant, and reported',
      'once more: asked again, and taken back',
      'blocked: stop.active',
      'ada lifts the stop: done by rule, and reported',
    ])
      expect(told).toContain(line);
    const kept = path.join(system.dataFolder, 'people.json');
    expect((await stat(kept)).mode & 0o777).toBe(0o600);
    const { people } = JSON.parse(await readFile(kept, 'utf8')) as { people: { name: string; password: string }[] };
    expect(people.map(({ name }) => name)).toEqual(['ada', 'barbara', 'grace', 'edsger', 'mary']);
    for (const { password } of people) expect(told).not.toContain(password);
  }, 60_000);
});
