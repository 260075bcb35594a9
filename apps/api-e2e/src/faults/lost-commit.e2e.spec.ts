import { randomUUID } from 'node:crypto';
import {
  arrangeAgent,
  arrangeOrganization,
  HttpClient,
  startSystem,
  type HttpAnswer,
  type System,
} from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionAnswer } from '../support/caller.ts';
import { startCommitCutter, type CommitCutter, type Cut } from '../support/commit-cutter.ts';
import { recount } from '../support/money-recount.ts';
import { mug, organizationCap } from '../support/policies.ts';
import { recordedLedger, type LedgerRow } from '../support/recorded-ledger.ts';

const ROUNDS = 20;
const CALLERS = 20;

let system: System;
let cutter: CommitCutter;
let client: HttpClient;
let organization: string;

beforeAll(async () => {
  system = await startSystem();
  cutter = await startCommitCutter(system.database.port);
  const relayed = new URL(system.database.appUrl);
  relayed.port = String(cutter.port);
  const api = await system.addApi({ databaseUrl: relayed.href });
  organization = await arrangeOrganization(system.operator, ['shop']);
  const { key } = await arrangeAgent(system.operator, organization, { team: 'shop', policy: organizationCap('1000') });
  client = new HttpClient(api.url, key, CALLERS);
});
afterAll(async () => {
  client.close();
  await system.stop();
  await cutter.close();
});

interface Told {
  readonly requestId: string;
  readonly answer: HttpAnswer;
}

async function ask(): Promise<Told> {
  const requestId = randomUUID();
  return { requestId, answer: await client.post('/v1/decisions', { requestId, ...mug }) };
}

/** Whether what a caller was told is what the ledger says. */
function isTrue({ requestId, answer }: Told, byRequest: ReadonlyMap<string, LedgerRow>): boolean {
  const recorded = byRequest.get(requestId);
  if (answer.status === 200) {
    const decision = answer.body as DecisionAnswer;
    return (
      recorded?.position === decision.position &&
      recorded.payload.decisionId === decision.id &&
      recorded.payload.verdict === decision.verdict
    );
  }
  const { code } = answer.body as { code?: string };
  // The one answer that leaves it open, as it says; every other refusal promises that nothing was recorded.
  if (code === 'decision.unknown') return true;
  return answer.status === 503 && recorded === undefined;
}

describe('the connection to Postgres cut during COMMIT', () => {
  it(`I1: every caller's answer is true, ${ROUNDS} rounds`, async () => {
    const told: Told[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const cut: Cut = round % 2 === 0 ? 'after it arrived' : 'before it arrived';
      const isCut = cutter.cutNext(cut);
      told.push(...(await Promise.all(Array.from({ length: CALLERS }, ask))));
      await isCut;
    }
    const rows = await recordedLedger(system, organization);
    const byRequest = new Map(rows.map((row) => [row.payload.requestId ?? '', row]));
    const untrue = told
      .filter((one) => !isTrue(one, byRequest))
      .map(({ requestId, answer }) => ({ requestId, status: answer.status, text: answer.text }));
    const count = (status: number) => told.filter(({ answer }) => answer.status === status).length;
    console.log(
      `COMMIT cut ${ROUNDS} times: ${count(200)} answered with a decision, ${count(503)} told to ask again, untrue answers ${untrue.length}`,
    );
    expect(untrue).toEqual([]);
    expect(count(200) + count(503)).toBe(told.length);
    expect(recount(rows)).toMatchObject({ twice: [], requestsTwice: [], overCap: [] });
  });

  it('I10: asking again with the same request id gives the recorded decision, or makes the first', async () => {
    const isCut = cutter.cutNext('after it arrived');
    const first = await Promise.all(Array.from({ length: CALLERS }, ask));
    await isCut;
    const again = await Promise.all(first.map(({ requestId }) => client.post('/v1/decisions', { requestId, ...mug })));
    expect(again.map(({ status }) => status)).toEqual(first.map(() => 200));
    const rows = await recordedLedger(system, organization);
    expect(recount(rows).requestsTwice).toEqual([]);
  });
});
