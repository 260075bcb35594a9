import type { Instant } from '@countersign/kernel';
import { subjectOf } from '@countersign/kernel/patterns';
import { isCovered, type StoppableAction } from './stop-index.ts';
import type { LiftedStop, Stop, StopsState } from './stop.state.ts';

/** A time during which a stop was in force, half-open; `to` is null while it is. */
export interface StoppedTime {
  readonly from: Instant;
  readonly to: Instant | null;
}

/**
 * When stops covered an action at or after an instant, earliest first. The times may overlap and may begin before it:
 * whoever asks unites and clips them. Needs all lifted stops of that time in the state; give the team that was recorded
 * with the decision, so that an agent's later move changes no deadline of the past.
 */
export function timesStopped(state: StopsState, action: StoppableAction, since: Instant): readonly StoppedTime[] {
  const subject = subjectOf(action.intent, action.target);
  const covers = (stop: Stop) => isCovered(stop, action, subject);
  const past = [...state.liftedStops.values()].filter((stop) => stop.liftedAt > since && covers(stop)).map(pastTime);
  const present = [...state.stops.values()].filter(covers).map(({ placedAt }) => ({ from: placedAt, to: null }));
  return [...past, ...present].sort((one, other) => one.from - other.from);
}

const pastTime = ({ placedAt, liftedAt }: LiftedStop): StoppedTime => ({ from: placedAt, to: liftedAt });
