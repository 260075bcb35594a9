import type { System } from '@countersign/harness';
import { connectPostgres, type Sql } from '@countersign/postgres';

/** One event as the database holds it. */
export interface LedgerRow {
  readonly position: number;
  readonly type: string;
  readonly recordedAt: number;
  readonly payload: Payload;
}

export interface Payload {
  readonly decisionId?: string;
  readonly approvalId?: string;
  readonly requestId?: string;
  readonly verdict?: string;
  readonly budgets?: readonly Figure[];
  readonly reasons?: readonly { readonly code: string; readonly effect: string }[];
  readonly charged?: readonly string[];
}

export interface Figure {
  readonly policy: string;
  readonly budget: string;
  readonly instance: string;
  readonly unit: string;
  readonly windowStart: number;
  readonly cap: string;
  readonly asked: string;
}

const PAGE = 5_000;

/** The whole ledger of an organization, read past the api and as superuser, so that no code under test is believed. */
export async function recordedLedger({ database }: System, organization: string): Promise<readonly LedgerRow[]> {
  const sql = connectAsSuperuser(database.superuserUrl);
  try {
    const rows: LedgerRow[] = [];
    for (
      let page = await readPage(sql, organization, 0);
      page.length > 0;
      page = await readPage(sql, organization, rows.length)
    )
      rows.push(...page);
    return rows;
  } finally {
    await sql.end();
  }
}

export const connectAsSuperuser = (url: string): Sql =>
  connectPostgres(url, {
    connections: 1,
    applicationName: 'api-e2e',
    limits: { lockTimeoutMs: 10_000, statementTimeoutMs: 60_000, idleInTransactionTimeoutMs: 60_000 },
  });

async function readPage(sql: Sql, organization: string, from: number): Promise<LedgerRow[]> {
  const rows = await sql<{ position: bigint; type: string; recordedAt: bigint; payload: string }[]>`
    select e.position, e.type, e.recorded_at as "recordedAt", p.payload
      from ledger.events e join ledger.payloads p using (organization_id, position, recorded_at)
     where e.organization_id = ${organization} and e.position >= ${String(from)}::bigint
     order by e.position limit ${PAGE}`;
  return rows.map(({ position, type, recordedAt, payload }) => ({
    position: Number(position),
    type,
    recordedAt: Number(recordedAt),
    payload: JSON.parse(payload) as Payload,
  }));
}

/** Positions that are not one after the other from 0, by the first that is wrong; null when all are. */
export const firstGap = (rows: readonly LedgerRow[]) =>
  rows.find(({ position }, index) => position !== index)?.position ?? null;
