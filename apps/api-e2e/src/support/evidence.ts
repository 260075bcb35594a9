import type { System } from '@countersign/harness';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Asked } from './caller.ts';
import { recount, type Recount } from './money-recount.ts';
import { firstGap, recordedLedger, type LedgerRow } from './recorded-ledger.ts';

/** What a fault run came to. */
export interface Evidence extends Recount {
  readonly acknowledged: number;
  readonly found: number;
  /** Acknowledged, and not in the ledger as acknowledged. */
  readonly lost: readonly string[];
  readonly events: number;
  readonly gapAt: number | null;
}

/** Compares what callers were told with what the database holds. */
export async function gatherEvidence(system: System, organization: string, asked: readonly Asked[]): Promise<Evidence> {
  const rows = await recordedLedger(system, organization);
  const lost = asked.filter((one) => !isRecorded(one, rows)).map(({ decision }) => decision.id);
  return {
    ...recount(rows),
    acknowledged: asked.length,
    found: asked.length - lost.length,
    lost,
    events: rows.length,
    gapAt: firstGap(rows),
  };
}

/** At the very position that was answered, with the id, request id and verdict that were answered. */
function isRecorded({ requestId, decision }: Asked, rows: readonly LedgerRow[]): boolean {
  const payload = rows[decision.position]?.payload;
  return payload?.decisionId === decision.id && payload.requestId === requestId && payload.verdict === decision.verdict;
}

/** What must hold whatever happened. */
export function expectIntact(evidence: Evidence): void {
  expect(evidence).toMatchObject({
    lost: [],
    overCap: [],
    wronglyRefused: [],
    twice: [],
    requestsTwice: [],
    gapAt: null,
  });
}

const StateCheck = z.object({ agrees: z.boolean(), differences: z.array(z.unknown()) });

/** The enforcement rows equal the fold of the ledger. */
export async function expectStateAgrees({ operator }: System, organization: string): Promise<void> {
  const check = StateCheck.parse(await operator.post(`/operator/organizations/${organization}/state/check`, {}));
  expect(check.differences).toEqual([]);
  expect(check.agrees).toBe(true);
}

/** One line that a reader of the log can quote. */
export function tellEvidence(what: string, evidence: Evidence): void {
  const { acknowledged, found, lost, overCap, wronglyRefused, allowed, blocked } = evidence;
  console.log(
    `${what}: acknowledged ${acknowledged}, found in the ledger ${found}, lost ${lost.length}, over a cap ${overCap.length}, ` +
      `refused although it fitted ${wronglyRefused.length}, decided twice ${evidence.twice.length + evidence.requestsTwice.length} ` +
      `(${allowed} allowed, ${blocked} blocked, ${evidence.events} events)`,
  );
}
