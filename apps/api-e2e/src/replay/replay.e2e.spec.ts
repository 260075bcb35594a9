import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { startSystem, type System } from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedLedger } from '../support/recorded-ledger.ts';
import { organizationIdOf, root, small, Terminal } from './replay.fixture.ts';

const run = promisify(execFile);
const recountScript = path.join(root, 'docs', 'examples', 'airline', 'recount.mjs');
/** Beside the repository; not part of it. */
const airline = path.join(root, '..', 'shared', 'data', 'airline-agent-runs.ndjson');

let system: System;
let terminal: Terminal;
beforeAll(async () => {
  system = await startSystem();
  terminal = new Terminal(system);
});
afterAll(() => system.stop());

const recounted = async (file: string, asks: string) =>
  JSON.parse((await run(process.execPath, [recountScript, file, asks])).stdout) as {
    readonly ask: number;
    readonly asks: { readonly approved: number; readonly taken: number; readonly denied: number };
  };

describe('countersign replay', () => {
  it.each([
    ['the small recording', 'leave', small],
    ['the small recording', 'approve', small],
    ['the small recording', 'deny', small],
    ['the recorded airline runs', 'leave', airline],
    ['the recorded airline runs', 'approve', airline],
  ])(
    'of %s with --asks %s counts what an independent script counts, and leaves a ledger that verifies',
    async (name, asks, file) => {
      if (!existsSync(file)) return console.log(`not run: ${name}: ${file} not found`);
      const report = await terminal.replay(file, '--asks', asks);
      const wanted = await recounted(file, asks);
      expect(report).toMatchObject(wanted);
      expect(report.ledger.ok).toBe(true);

      const rows = await recordedLedger(system, await organizationIdOf(system, report.organization));
      const count = (type: string) => rows.filter((row) => row.type === type).length;
      expect(wanted.ask).toBeGreaterThan(0);
      expect({
        approved: count('ApprovalApproved'),
        taken: rows.filter(({ type, payload }) => type === 'TakeDecided' && payload.verdict === 'allow').length,
        denied: count('ApprovalDenied'),
      }).toEqual({ approved: wanted.asks.approved, taken: wanted.asks.taken, denied: wanted.asks.denied });
    },
  );

  it('twice into one organization counts nothing twice', async () => {
    const first = await terminal.replay(small, '--into', 'rehearsal');
    const second = await terminal.replay(small, '--into', 'rehearsal');
    expect(second).toMatchObject({ byIntent: first.byIntent, spentUsd: first.spentUsd });
  });

  it('says what became of the asks', async () => {
    const told = await terminal.countersign('replay', small, '--asks', 'approve');
    expect(told).toContain('Of 3 asked: 3 approved, of which the agent took 3.');
    expect(await terminal.countersign('replay', small)).toContain('Of 3 asked: 3 stay in the queue.');
  });

  it('names the file, the line and the field of what is no recording', async () => {
    const failed = await terminal.failed('replay', path.join(root, 'package.json'));
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('line 1') as string });
  });
});

describe('countersign demo', () => {
  it('tells the same story three times in a row', async () => {
    const tellings = [
      await terminal.countersign('demo'),
      await terminal.countersign('demo'),
      await terminal.countersign('demo'),
    ];
    expect(tellings[1]).toBe(tellings[0]);
    expect(tellings[2]).toBe(tellings[0]);
    for (const word of ['allowed', 'blocked', 'may spend 0.1 USD']) expect(tellings[0]).toContain(word);
  }, 180_000);

  it('shows what people do: a quorum of two, an escalation, a denial, a grant that runs out, a stop', async () => {
    const told = await terminal.countersign('demo');
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
  }, 180_000);
});
