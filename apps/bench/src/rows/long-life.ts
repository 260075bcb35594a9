import { connectPostgres } from '@countersign/postgres';
import type { Figure } from '../figure.ts';
import { batchBody, decideJob, freeActionBody, withNewTenant, type Stage } from '../stage.ts';
import { checked } from './throughput.ts';

const PACE = 200;
const SAMPLE_MS = 8_000;
const BATCH = 500;
const READER_MS = 60_000;

export interface LongLifeWish {
  readonly events: { readonly few: number; readonly many: number };
}

/**
 * What age does to latency: the p50 of paced decisions with few events in the ledger, with many, and after a minute
 * of full load beside one reader whose transaction stays open. All on one connection pool, one organization.
 */
export async function measureLongLife(running: Stage, { events }: LongLifeWish): Promise<readonly Figure[]> {
  const stage = await withNewTenant(running);
  await fillTo(stage, events.few);
  const young = await pacedP50(stage);
  const beside = await besideReader(stage);
  await fillTo(stage, events.many);
  const old = await pacedP50(stage);
  const { few, many } = events;
  return [
    figure(`decision latency p50 at ${grouped(many)} events`, `at ${grouped(few)}`, { value: old, itself: young }),
    figure('decision latency p50 with a reader open for 60 s', 'before it', { value: beside, itself: young }),
  ];
}

function figure(name: string, yardstick: string, { value, itself }: { value: number; itself: number }): Figure {
  return {
    name,
    yardstick,
    unit: '',
    value: value / itself,
    sense: 'at most',
    must: 1.15,
    aim: 1,
    detail: { note: `${value.toFixed(2)} ms; ${itself.toFixed(2)} ms`, p50: value, itself },
  };
}

/** Appends free actions by the batch until the ledger holds that many events. */
async function fillTo(stage: Stage, wanted: number): Promise<void> {
  const missing = wanted - (await sizeOf(stage));
  if (missing <= 0) return;
  const total = Math.ceil(missing / BATCH);
  const job = {
    path: '/v1/decisions/batch',
    connections: 4,
    body: batchBody(freeActionBody, BATCH),
    total,
    milliseconds: 1_800_000,
  };
  checked('filling the ledger', await stage.load.run(decideJob(stage, stage.plain, job)));
}

async function pacedP50(stage: Stage): Promise<number> {
  const job = decideJob(stage, stage.budgeted, { milliseconds: SAMPLE_MS, perSecond: PACE, connections: 16 });
  await stage.load.run({ ...job, milliseconds: 1_000 });
  return checked('paced', await stage.load.run(job)).p50;
}

/** A backup or a report that forgot to end: its snapshot keeps every dead row version of the minute alive. */
async function besideReader(stage: Stage): Promise<number> {
  const sql = connect(stage);
  // The driver reserves only a connection that is open already.
  await sql`select`;
  const reader = await sql.reserve();
  try {
    await reader`begin isolation level repeatable read`;
    await reader`select count(*) from ledger.heads`;
    const busy = READER_MS - SAMPLE_MS - 1_000;
    checked('beside a reader', await stage.load.run(decideJob(stage, stage.budgeted, { milliseconds: busy })));
    return await pacedP50(stage);
  } finally {
    await reader`rollback`;
    reader.release();
    await sql.end();
  }
}

async function sizeOf(stage: Stage): Promise<number> {
  const sql = connect(stage);
  try {
    const [head] = await sql<
      { size: bigint }[]
    >`select size from ledger.heads where organization_id = ${stage.organization}`;
    return Number(head?.size ?? 0);
  } finally {
    await sql.end();
  }
}

/** As superuser, because the owner is bound by row security too. */
const connect = ({ system }: Stage) =>
  connectPostgres(system.database.superuserUrl, {
    connections: 1,
    applicationName: 'bench',
    limits: { lockTimeoutMs: 5_000, statementTimeoutMs: 30_000, idleInTransactionTimeoutMs: 2 * READER_MS },
  });

const grouped = (count: number) => count.toLocaleString('en-US');
