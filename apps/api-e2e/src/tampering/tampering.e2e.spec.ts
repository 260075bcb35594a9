import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { arrangeAgent, arrangeOrganization, HttpClient, startSystem, type System } from '@countersign/harness';
import type { Sql } from '@countersign/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowAll, mug } from '../support/policies.ts';
import { connectAsSuperuser } from '../support/recorded-ledger.ts';

const cli = path.resolve(import.meta.dirname, '../../../../dist/cli/main.js');
const DECISIONS = 40;
/** The signer is at most a second behind. */
const SIGNED_MS = 1_600;
const VICTIM = 20;

let system: System;
let sql: Sql;
beforeAll(async () => {
  system = await startSystem();
  sql = connectAsSuperuser(system.database.superuserUrl);
});
afterAll(async () => {
  await sql.end();
  await system.stop();
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
}
const run = (...args: readonly string[]): Promise<Ran> =>
  promisify(execFile)(process.execPath, [cli, ...args])
    .then(({ stdout }) => ({ code: 0, stdout }))
    .catch((failed: Ran) => failed);

/** A ledger of one agent's decisions, and a checkpoint and keys of it that are kept elsewhere. */
async function openBook() {
  const organization = await arrangeOrganization(system.operator, ['shop']);
  const { key } = await arrangeAgent(system.operator, organization, { team: 'shop', policy: allowAll });
  const access = ['--url', system.apis[0]?.url ?? '', '--token', system.operatorToken, '--organization', organization];
  const file = (name: string) => path.join(system.dataFolder, `${organization}-${name}`);
  const decide = async (count: number) => {
    const client = new HttpClient(system.apis[0]?.url ?? '', key, 1);
    const actions = Array.from({ length: count }, () => ({ requestId: randomUUID(), ...mug }));
    await client.post('/v1/decisions/batch', { actions });
    client.close();
    await pause(SIGNED_MS);
  };
  const verify = async (): Promise<{ code: number; first: number | null; codes: readonly string[] }> => {
    await run('ledger', 'export', '--output', file('ledger'), ...access);
    const pins = ['--keys', file('keys'), '--since', file('since')];
    const { code, stdout } = await run('verify', file('ledger'), ...pins, '--json');
    const { firstBadPosition, problems } = JSON.parse(stdout) as {
      firstBadPosition: number | null;
      problems: { code: string }[];
    };
    return { code, first: firstBadPosition, codes: problems.map((problem) => problem.code) };
  };
  await decide(DECISIONS);
  await writeFile(file('keys'), (await run('ledger', 'keys', ...access)).stdout);
  await writeFile(file('since'), (await run('ledger', 'checkpoint', ...access)).stdout);
  return { organization, decide, verify };
}

/** As somebody who owns the machine: no trigger fires. */
const tamper = (work: (sql: Sql) => Promise<unknown>) =>
  sql.begin(async (transaction) => {
    await transaction`set local session_replication_role = replica`;
    await work(transaction as unknown as Sql);
  });

const lastSigned = async (organization: string) => {
  const [row] = await sql<{ size: bigint }[]>`
    select max(size) as size from ledger.checkpoints where organization_id = ${organization}`;
  return Number(row?.size);
};

const refusals = (organization: string) =>
  system.apis[0]
    ?.log()
    .split('\n')
    .filter((line) => line.includes(`${organization}\` is not signed`)).length ?? 0;

describe('I9: a superuser who changes the ledger while it runs', () => {
  it('by a payload together with its commitment: is found since the checkpoint, and nothing is signed any more', async () => {
    const { organization, decide, verify } = await openBook();
    expect(await verify()).toEqual({ code: 0, first: null, codes: [] });
    const signed = await lastSigned(organization);
    await tamper(async (tampering) => {
      const [row] = await tampering<{ salt: Buffer; payload: string }[]>`
        select salt, payload from ledger.payloads where organization_id = ${organization} and position = ${VICTIM}`;
      const payload = row?.payload.replace('mug-blue', 'mug-gold') ?? '';
      const commitment = createHash('sha256')
        .update(row?.salt ?? '')
        .update(payload)
        .digest();
      await tampering`update ledger.payloads set payload = ${payload} where organization_id = ${organization} and position = ${VICTIM}`;
      await tampering`update ledger.events set commitment = ${commitment} where organization_id = ${organization} and position = ${VICTIM}`;
    });
    await decide(3);
    const { code, first, codes } = await verify();
    expect([code, codes]).toEqual([1, ['checkpoint.root_differs', 'pin.root_differs']]);
    // Somewhere between two checkpoints, and never later than what was changed.
    expect(first).toBeLessThanOrEqual(VICTIM);
    expect(await lastSigned(organization)).toBe(signed);
    expect(refusals(organization)).toBeGreaterThan(0);
  }, 180_000);

  it('by an event that is taken out: is found at its position, by the export and by the check of the state', async () => {
    const { organization, verify } = await openBook();
    await tamper(async (tampering) => {
      await tampering`delete from ledger.events where organization_id = ${organization} and position = ${VICTIM}`;
      await tampering`delete from ledger.payloads where organization_id = ${organization} and position = ${VICTIM}`;
    });
    expect(await verify()).toEqual({ code: 1, first: VICTIM, codes: ['event.missing'] });
    const check = await system.operator.post(`/operator/organizations/${organization}/state/check`, {});
    expect(check).toMatchObject({ agrees: false, missing: VICTIM });
  }, 180_000);

  it('by the end and all that was signed of it: is found by a checkpoint from elsewhere', async () => {
    const { organization, verify } = await openBook();
    const signed = await lastSigned(organization);
    await tamper(async (tampering) => {
      await tampering`delete from ledger.events where organization_id = ${organization} and position >= ${signed - 3}`;
      await tampering`delete from ledger.payloads where organization_id = ${organization} and position >= ${signed - 3}`;
      await tampering`delete from ledger.checkpoints where organization_id = ${organization} and size > ${signed - 3}`;
    });
    const { code, codes } = await verify();
    expect([code, codes.at(-1)]).toEqual([1, 'pin.tail_cut']);
  }, 180_000);
});
