import type { Instant, OrganizationId } from '@countersign/kernel';
import { ClockUnsure, decodeFrontier, emptyTree, judgeClock, type GrowingTree } from '@countersign/ledger';
import { instant } from '@countersign/kernel';
import { safeInteger } from '@countersign/postgres';

/** The row of `ledger.heads`, as locked. */
export interface HeadRow {
  readonly size: bigint;
  readonly frontier: Uint8Array;
  readonly recordedAt: bigint;
  readonly epoch: bigint;
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
}

/** The organization has no ledger. */
export class LedgerAbsent extends Error {
  override readonly name = 'LedgerAbsent';
  readonly code = 'ledger.absent';
}

interface Reading {
  readonly databaseNow: bigint;
  readonly processNow: number;
}

/** @throws {ClockUnsure} see `judgeClock`. */
export function lockedHead(
  organizationId: OrganizationId,
  row: HeadRow,
  { databaseNow, processNow }: Reading,
): LockedHead {
  const size = safeInteger(row.size);
  const headAt = size === 0 ? null : instant(safeInteger(row.recordedAt));
  const verdict = judgeClock({
    databaseNow: instant(safeInteger(databaseNow)),
    headAt,
    processNow: instant(processNow),
  });
  if (verdict.outcome === 'unsure') throw new ClockUnsure(verdict.why);

  const tree = size === 0 ? emptyTree : { size, frontier: decodeFrontier(row.frontier, size), openTile: null };
  return { organizationId, size, epoch: safeInteger(row.epoch), now: verdict.recordedAt, tree };
}
