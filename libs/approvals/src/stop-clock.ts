import { instant, type Instant } from '@countersign/kernel';

/** A time during which some stop covered the agent or the action; `to` is null while it still does. Half-open. */
export interface StoppedTime {
  readonly from: Instant;
  readonly to: Instant | null;
}

/** Stretches that neither overlap nor touch, in order: the union of all, between two instants. */
function unionOf(
  stops: readonly StoppedTime[],
  since: Instant,
  until: Instant,
): readonly (readonly [number, number])[] {
  const clipped = stops
    .map(({ from, to }) => [Math.max(from, since), Math.min(to ?? until, until)] as const)
    .filter(([from, to]) => from < to)
    .sort(([one], [other]) => one - other);
  const union: [number, number][] = [];
  for (const [from, to] of clipped) {
    const last = union.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else union.push([from, to]);
  }
  return union;
}

/** How long, in milliseconds, any of the stops covered the time from `since` to `until`. */
export const stoppedMsBetween = (stops: readonly StoppedTime[], since: Instant, until: Instant): number =>
  unionOf(stops, since, until).reduce((sum, [from, to]) => sum + (to - from), 0);

/** The time that has passed on a clock which stands still under stops, in milliseconds. Never runs backwards. */
export const runningMsBetween = (stops: readonly StoppedTime[], since: Instant, until: Instant): number =>
  Math.max(0, until - since) - stoppedMsBetween(stops, since, until);

/**
 * The instant at which that clock has run for so long. Null when it has not by `now`: what is derived from stops is
 * known up to now and no further.
 */
export function whenHasRun(
  stops: readonly StoppedTime[],
  { since, ms, now }: { readonly since: Instant; readonly ms: number; readonly now: Instant },
): Instant | null {
  let at = since + ms;
  for (const [from, to] of unionOf(stops, since, now)) if (from < at) at += to - from;
  return at <= now ? instant(at) : null;
}

/**
 * A deadline with the time that stops have covered until now: when it will pass if nothing stops it any more.
 */
export const effectiveDeadline = (
  stops: readonly StoppedTime[],
  { openedAt, expiresAt }: { readonly openedAt: Instant; readonly expiresAt: Instant },
  now: Instant,
): Instant =>
  whenHasRun(stops, { since: openedAt, ms: expiresAt - openedAt, now }) ??
  instant(expiresAt + stoppedMsBetween(stops, openedAt, now));
