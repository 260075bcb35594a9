import { z } from 'zod';

/** Milliseconds since 1970 UTC, whole. Time is the database's clock; it arrives, nobody reads it. */
export const Instant = z.number().int().min(0).max(253_402_300_799_999).brand<'Instant'>();
export type Instant = z.infer<typeof Instant>;

/** Trusts its caller; for arithmetic on instants that were checked when they arrived. */
export const instant = (milliseconds: number) => milliseconds as Instant;

/** So many instants are remembered as text: a batch's time and the ends of its windows are written over and over. */
const WRITTEN_MAX = 256;

const written = new Map<Instant, string>();

/** RFC 3339 in UTC with milliseconds, as the wire carries it. */
export function toIso(at: Instant): string {
  const known = written.get(at);
  if (known !== undefined) return known;

  if (written.size >= WRITTEN_MAX) written.clear();
  const text = new Date(at).toISOString();
  written.set(at, text);
  return text;
}
