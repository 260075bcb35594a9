import { instant, type Instant } from '@countersign/kernel';

/** A database this far behind its own head has stepped back: what it calls now cannot be trusted. */
export const BEHIND_HEAD_MAX_MILLISECONDS = 2_000;

/** Beyond this one of the two machines is wrong, and nobody here can tell which. */
export const PROCESS_APART_MAX_MILLISECONDS = 60_000;

/** The database's clock cannot be trusted just now. Nothing is decided on it; asking again later is right. */
export class ClockUnsure extends Error {
  override readonly name = 'ClockUnsure';
  readonly code = 'clock.unsure';
}

export interface ClockReading {
  /** `clock_timestamp()`, read after the lock, once per batch. */
  readonly databaseNow: Instant;
  /** The head's last `recordedAt`; null for an empty ledger. */
  readonly headAt: Instant | null;
  readonly processNow: Instant;
}

export type ClockVerdict =
  | { readonly outcome: 'sure'; readonly recordedAt: Instant }
  | { readonly outcome: 'unsure'; readonly code: 'clock.unsure'; readonly why: string };

/**
 * The time of the next events: the database's, or the head's while the database is up to two seconds behind it, so
 * that time never runs backwards within an organization (I14). An unsure clock is never a reason to allow (I3).
 */
export function judgeClock({ databaseNow, headAt, processNow }: ClockReading): ClockVerdict {
  const behind = (headAt ?? databaseNow) - databaseNow;
  if (behind > BEHIND_HEAD_MAX_MILLISECONDS)
    return unsure(
      `the database's clock is ${behind} ms behind the last event; at most ${BEHIND_HEAD_MAX_MILLISECONDS} ms are bridged`,
    );

  const apart = Math.abs(databaseNow - processNow);
  if (apart > PROCESS_APART_MAX_MILLISECONDS)
    return unsure(
      `the database's clock and this process's are ${apart} ms apart; at most ${PROCESS_APART_MAX_MILLISECONDS} ms are accepted`,
    );

  return { outcome: 'sure', recordedAt: instant(Math.max(databaseNow, headAt ?? databaseNow)) };
}

const unsure = (why: string): ClockVerdict => ({ outcome: 'unsure', code: 'clock.unsure', why });
