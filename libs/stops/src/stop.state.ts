import { TrackedMap, unreachable, type Instant, type StopId } from '@countersign/kernel';
import type { StopAuthor, StopEvent, StopRank, StopScope } from './stop.events.ts';

/** A stop in force. */
export interface Stop {
  readonly stopId: StopId;
  readonly scope: StopScope;
  readonly reason: string;
  readonly by: StopAuthor;
  readonly rank: StopRank;
  readonly placedAt: Instant;
}

/** A stop that was lifted. It blocks nothing and is kept for ever: deadlines stood still while it did. */
export interface LiftedStop extends Stop {
  readonly liftedAt: Instant;
  readonly liftedBy: StopAuthor;
}

/**
 * Two maps, because they are read by different people: every action asks for the stops in force, which are few and
 * cached; only what waits for people asks for past ones, which grow for ever.
 */
export interface StopsState {
  readonly stops: TrackedMap<StopId, Stop>;
  readonly liftedStops: TrackedMap<StopId, LiftedStop>;
}

export const emptyStops = (): StopsState => ({ stops: new TrackedMap(), liftedStops: new TrackedMap() });

/** Records what happened, into the state given. Judging belongs to `decide`, so this never refuses. */
export function evolveStops({ stops, liftedStops }: StopsState, event: StopEvent): void {
  switch (event.type) {
    case 'StopPlaced': {
      const { at, ...stop } = event.data;
      stops.set(stop.stopId, { ...stop, placedAt: at });
      return;
    }
    case 'StopLifted': {
      const { stopId, by, at } = event.data;
      const stop = stops.get(stopId);
      if (!stop) return;
      stops.delete(stopId);
      liftedStops.set(stopId, { ...stop, liftedAt: at, liftedBy: by });
      return;
    }
    default:
      unreachable(event);
  }
}
