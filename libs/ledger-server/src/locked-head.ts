import type { Instant, OrganizationId } from '@countersign/kernel';
import { ClockUnsure, decodeFrontier, emptyTree, judgeClock, type GrowingTree } from '@countersign/ledger';
import { instant } from '@countersign/kernel';
import { safeInteger, type Sql } from '@countersign/postgres';
import type { Page } from './head-places.ts';

/** What `ledger.lock_head` gives: the row of `ledger.heads` as locked, and the database's clock after the wait. */
export interface HeadRow {
  readonly size: bigint;
  readonly frontier: Uint8Array;
  readonly recordedAt: bigint;
  readonly epoch: bigint;
  readonly place: string;
  readonly now: bigint;
}

/** One organization's head while this transaction holds its lock: nobody else can append until it ends. */
export interface LockedHead {
  readonly organizationId: OrganizationId;
  readonly size: number;
  /** Position of the last configuration event; -1 before the first. */
  readonly epoch: number;
  /** What everything appended now is recorded at: the database's clock, never before the last event (I14). */
  readonly now: Instant;
  readonly tree: GrowingTree;
  /** Where the row is, for as long as it is locked. */
  readonly place: string;
  /** See `HeadPlaces`. */
  readonly versionsPileUp: boolean;
}

/** The organization has no ledger. */
export class LedgerAbsent extends Error {
  override readonly name = 'LedgerAbsent';
  readonly code = 'ledger.absent';
}

/** What this process knows besides. */
interface Known {
  readonly processNow: number;
  readonly versionsPileUp: boolean;
}

/** Locks the head and reads it, and the clock after that. Fast where the head is on the page given, see `HeadPlaces`. */
export const lockHead = (sql: Sql, organizationId: OrganizationId, { from, to }: Page) => sql<HeadRow[]>`
  select size, frontier, recorded_at as "recordedAt", epoch, place::text as place, now
    from ledger.lock_head(${organizationId}::text::uuid, ${from}::text::tid, ${to}::text::tid)`;

/** @throws {ClockUnsure} see `judgeClock`. */
export function lockedHead(
  organizationId: OrganizationId,
  row: HeadRow,
  { processNow, versionsPileUp }: Known,
): LockedHead {
  const size = safeInteger(row.size);
  const headAt = size === 0 ? null : instant(safeInteger(row.recordedAt));
  const verdict = judgeClock({
    databaseNow: instant(safeInteger(row.now)),
    headAt,
    processNow: instant(processNow),
  });
  if (verdict.outcome === 'unsure') throw new ClockUnsure(verdict.why);

  const tree = size === 0 ? emptyTree : { size, frontier: decodeFrontier(row.frontier, size), openTile: null };
  const { place } = row;
  return { organizationId, size, epoch: safeInteger(row.epoch), now: verdict.recordedAt, tree, place, versionsPileUp };
}
