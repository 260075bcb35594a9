import { safeInteger, type Sql, type Transaction } from '@countersign/postgres';

/** A signed tree head as stored: its size, and the note itself. */
export interface CheckpointRow {
  readonly size: number;
  readonly note: string;
  /** The database's clock when it was signed, in milliseconds. */
  readonly signedAt: number;
}

interface Row {
  readonly size: bigint;
  readonly note: string;
  readonly signedAt: bigint;
}

const toCheckpoint = ({ size, note, signedAt }: Row): CheckpointRow => ({
  size: safeInteger(size),
  note,
  signedAt: safeInteger(signedAt),
});

export async function latestCheckpoint(sql: Sql | Transaction, organizationId: string): Promise<CheckpointRow | null> {
  const rows = await sql<Row[]>`
    select size, note, signed_at as "signedAt" from ledger.checkpoints
     where organization_id = ${organizationId}::text::uuid order by size desc limit 1`;
  return rows.map(toCheckpoint)[0] ?? null;
}

/** The smallest checkpoint of at least `size` events. */
export async function coveringCheckpoint(sql: Sql | Transaction, organizationId: string, size: number) {
  const rows = await sql<Row[]>`
    select size, note, signed_at as "signedAt" from ledger.checkpoints
     where organization_id = ${organizationId}::text::uuid and size >= ${String(size)}::text::bigint
     order by size limit 1`;
  return rows.map(toCheckpoint)[0] ?? null;
}

/** Sizes (after, upTo], smallest first. */
export interface CheckpointPage {
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
}

export async function checkpointPage(
  sql: Sql | Transaction,
  organizationId: string,
  { after, upTo, limit }: CheckpointPage,
) {
  const rows = await sql<Row[]>`
    select size, note, signed_at as "signedAt" from ledger.checkpoints
     where organization_id = ${organizationId}::text::uuid
       and size > ${String(after)}::text::bigint and size <= ${String(upTo)}::text::bigint
     order by size limit ${String(limit)}::text::int`;
  return rows.map(toCheckpoint);
}

/** The sizes alone, of all checkpoints up to one: what the header of an export lists. */
export async function checkpointSizes(
  sql: Sql | Transaction,
  organizationId: string,
  { after, upTo, limit }: CheckpointPage,
) {
  const rows = await sql<{ size: bigint }[]>`
    select size from ledger.checkpoints
     where organization_id = ${organizationId}::text::uuid
       and size > ${String(after)}::text::bigint and size <= ${String(upTo)}::text::bigint
     order by size limit ${String(limit)}::text::int`;
  return rows.map(({ size }) => safeInteger(size));
}
