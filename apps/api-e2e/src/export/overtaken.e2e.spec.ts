import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { arrangeAgent, arrangeOrganization, HttpClient, startSystem, type System } from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askUntilDecided, inParallel } from '../support/caller.ts';
import { holdExports, type ExportHolder } from '../support/export-holder.ts';
import { allowAll } from '../support/policies.ts';

const cli = path.resolve(import.meta.dirname, '../../../../dist/cli/main.js');

/** Far more than sockets hold, so that the api is still reading the ledger while the download is held back. */
const ACTIONS = 700;
const NOTE = 'x'.repeat(50_000);

let system: System;
let organization: string;
/** The position of each decision, oldest first. */
let positions: number[];
beforeAll(async () => {
  system = await startSystem();
  organization = await arrangeOrganization(system.operator, ['shop']);
  const { key } = await arrangeAgent(system.operator, organization, { team: 'shop', policy: allowAll });
  const client = new HttpClient(system.apis[0]?.url ?? '', key);
  const asked = await inParallel(ACTIONS, 8, () =>
    askUntilDecided({ intent: 'note.write', args: { note: NOTE } }, { client: () => client }),
  );
  client.close();
  positions = asked.map(({ decision }) => decision.position).sort((one, other) => one - other);
  // The export ends at the latest checkpoint, which is at most a second behind.
  await pause(2_000);
}, 120_000);
afterAll(() => system.stop());

const erase = (position: number) =>
  system.operator.post(`/operator/organizations/${organization}/commands`, {
    type: 'ErasePayloads',
    positions: [position],
    reason: 'request of customer 123',
  });

async function exportThrough(holder: ExportHolder, file: string) {
  const args = ['ledger', 'export', '--output', path.join(system.dataFolder, file), '--json'];
  const access = ['--url', holder.url, '--token', system.operatorToken, '--organization', organization];
  const ran = promisify(execFile)(process.execPath, [cli, ...args, ...access]);
  return ran
    .then((streams) => ({ code: 0, ...streams }))
    .catch((failed: { code: number; stdout: string; stderr: string }) => failed)
    .finally(() => holder.close());
}

describe('an export that an erasure overtakes', () => {
  it('starts again by itself, records the erasure, and verifies', async () => {
    const [url, last] = [system.apis[0]?.url ?? '', positions.at(-1) ?? 0];
    const holder = await holdExports(url, async (count) => void (count === 1 && (await erase(last))));
    const { code, stdout, stderr } = await exportThrough(holder, 'whole.ndjson');
    expect([code, stderr]).toEqual([0, `position ${last} was erased while it was exported (try 1 of 5)\n`]);
    expect(JSON.parse(stdout)).toMatchObject({ tries: 2 });

    const file = path.join(system.dataFolder, 'whole.ndjson');
    const verified = await promisify(execFile)(process.execPath, [cli, 'verify', file, '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, payloads: { erased: 1, altered: 0 } });
  });

  it('gives up after five tries, says why, and leaves no file behind', async () => {
    const holder = await holdExports(
      system.apis[0]?.url ?? '',
      async (count) => void (await erase(positions.at(-1 - count) ?? 0)),
    );
    const { code, stderr } = await exportThrough(holder, 'never.ndjson');
    expect([code, holder.exports()]).toEqual([4, 5]);
    expect(stderr).toContain('wait until the erasing is done');
    expect((await readdir(system.dataFolder)).filter((name) => name.startsWith('never'))).toEqual([]);
  });
});
