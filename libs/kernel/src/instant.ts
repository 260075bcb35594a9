import { z } from 'zod';

/** Milliseconds since 1970 UTC, whole. Time is the database's clock; it arrives, nobody reads it. */
export const Instant = z.number().int().min(0).max(253_402_300_799_999).brand<'Instant'>();
export type Instant = z.infer<typeof Instant>;

/** Trusts its caller; for arithmetic on instants that were checked when they arrived. */
export const instant = (milliseconds: number) => milliseconds as Instant;

/** RFC 3339 in UTC with milliseconds, as the wire carries it. */
export const toIso = (at: Instant) => new Date(at).toISOString();
