import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  arrangeAgent,
  arrangeOrganization,
  HttpClient,
  Operator,
  startSystem,
  type System,
} from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askUntilDecided } from '../support/caller.ts';
import { allowAll, mug } from '../support/policies.ts';

const cli = path.resolve(import.meta.dirname, '../../../../dist/cli/main.js');

let system: System;
let organization: string;
let key: string;
beforeAll(async () => {
  system = await startSystem();
  organization = await arrangeOrganization(system.operator, ['shop']);
  ({ key } = await arrangeAgent(system.operator, organization, { team: 'shop', policy: allowAll }));
});
afterAll(() => system.stop());

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function countersign(...args: string[]): Promise<Ran> {
  const access = ['--url', system.apis.at(-1)?.url ?? '', '--token', system.operatorToken];
  const ran = promisify(execFile)(process.execPath, [cli, ...args, ...access, '--organization', organization]);
  return ran.then((streams) => ({ code: 0, ...streams })).catch((failed: Ran) => failed);
}

async function decide(count: number): Promise<void> {
  const client = new HttpClient(system.apis.at(-1)?.url ?? '', key);
  for (let done = 0; done < count; done += 1) await askUntilDecided(mug, { client: () => client });
  client.close();
}

const outside = () => path.join(system.dataFolder, 'checkpoints', `${organization}.txt`);

/** Waits for the signer, who is at most a second behind, and answers the outside checkpoints up to then. */
async function untilSigned(wanted: (file: string) => boolean): Promise<string> {
  for (let waited = 0; ; waited += 100) {
    const text = await readFile(outside(), 'utf8').catch(() => '');
    if (wanted(text)) return text;
    if (waited > 10_000) throw new Error(`not signed in ten seconds; outside are:\n${text}`);
    await pause(100);
  }
}

/** The sizes of the outside checkpoints, in the order they were signed. */
const sizesIn = (text: string) => [...text.matchAll(/^[^\n ]+\/[^\n ]+\n(\d+)\n/gm)].map(([, size]) => Number(size));

async function size(): Promise<number> {
  const operator = new Operator(system.apis.at(-1)?.url ?? '', system.operatorToken);
  const { position } = (await operator.get(`/operator/organizations/${organization}`)) as { position: number };
  operator.close();
  return position + 1;
}

const check = async (file: string) => {
  const { code, stdout } = await countersign('restore', 'check', '--checkpoint', file, '--json');
  return { code, report: JSON.parse(stdout) as Record<string, unknown> };
};

describe('a database that was restored from a backup', () => {
  it('I9: is found by its outside checkpoints, is not signed, and goes on as another log that verifies', async () => {
    await decide(3);
    await untilSigned((text) => sizesIn(text).length > 0);
    const restore = await system.database.backUp();
    const kept = await size();
    await decide(4);
    const lost = await size();
    const before = await untilSigned((text) => sizesIn(text).includes(lost));
    expect(await check(outside())).toMatchObject({ code: 0, report: { verdict: 'kept', size: lost, agreesAt: lost } });
    const differsAt = Math.min(...sizesIn(before).filter((signed) => signed > kept));
    const file = path.join(system.dataFolder, 'kept-elsewhere.txt');
    await writeFile(file, before);

    await system.apis.at(-1)?.stop();
    await restore();
    await system.addApi();

    expect(await check(file)).toMatchObject({ code: 1, report: { verdict: 'cut', size: kept, differsAt } });
    const words = await countersign('restore', 'check', '--checkpoint', file);
    expect(words).toMatchObject({ code: 1 });
    expect(words.stdout).toContain('countersign restore reopen');

    // Agents are answered; another history grows under the old name, and nobody signs it.
    await decide(6);
    const grown = await size();
    expect(grown).toBeGreaterThan(lost);
    expect(await check(file)).toMatchObject({ code: 1, report: { verdict: 'forked', size: grown, differsAt } });
    await pause(1_500);
    expect(await readFile(outside(), 'utf8')).toBe(before);

    const because = ['--reason', 'the disk was lost'];
    expect(await countersign('restore', 'reopen', '--checkpoint', file, ...because)).toMatchObject({ code: 2 });
    const reopened = await countersign('restore', 'reopen', '--checkpoint', file, ...because, '--yes');
    expect(reopened).toMatchObject({ code: 0 });
    const origin = /goes on as (\S+), /.exec(reopened.stdout)?.[1] ?? '';
    expect(origin).toContain(`/${organization}/`);
    await untilSigned((text) => text.includes(`${origin}\n${grown + 3}\n`));

    expect(await check(outside())).toMatchObject({ code: 0, report: { verdict: 'reopened', unknownSigners: 0 } });
    const again = await countersign('restore', 'reopen', '--checkpoint', file, ...because, '--yes');
    expect(again).toMatchObject({ code: 3 });
    expect(again.stderr).toContain('[ledger.nothing_lost]');
    await expectVerifies(origin);
  });

  /** Under the new name, with keys and a checkpoint of the log that goes on, nothing is missing. */
  async function expectVerifies(origin: string): Promise<void> {
    const [keys, since, ledger] = ['keys.txt', 'since.txt', 'ledger.ndjson'].map((name) =>
      path.join(system.dataFolder, name),
    ) as [string, string, string];
    await writeFile(keys, (await countersign('ledger', 'keys')).stdout);
    const { stdout: checkpoint } = await countersign('ledger', 'checkpoint');
    expect(checkpoint.split('\n')[0]).toBe(origin);
    await writeFile(since, checkpoint);
    await decide(2);
    expect(await countersign('ledger', 'export', '--output', ledger)).toMatchObject({ code: 0 });
    const verified = await promisify(execFile)(process.execPath, [
      ...[cli, 'verify', ledger, '--keys', keys, '--since', since, '--json'],
    ]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, pinned: true });
  }

  it('a file that is none of checkpoints, or of another organization, is refused by name', async () => {
    const file = path.join(system.dataFolder, 'no-checkpoints.txt');
    await writeFile(file, 'hello');
    const unreadable = await countersign('restore', 'check', '--checkpoint', file);
    expect(unreadable).toMatchObject({ code: 2 });
    expect(unreadable.stderr).toContain(file);

    const other = (await readFile(outside(), 'utf8')).replaceAll(organization, '0198c5f0-1a2b-7c3d-8e4f-5a6b7c8d9e0f');
    await writeFile(file, other);
    const foreign = await countersign('restore', 'check', '--checkpoint', file);
    expect(foreign).toMatchObject({ code: 3 });
    expect(foreign.stderr).toContain('[ledger.checkpoint_unusable]');
  });
});
