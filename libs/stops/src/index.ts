export { stopsLeftBy } from './move.ts';
export { compileStops, stopsCovering, type CompiledStops, type StoppableAction } from './stop-index.ts';
export { LiftStop, PlaceStop, StopCommand } from './stop.commands.ts';
export { decideStop, type StopFacts } from './stop.decider.ts';
export {
  stopEvents,
  stopStream,
  type StopAuthor,
  type StopEvent,
  type StopRank,
  type StopScope,
} from './stop.events.ts';
export { stopRejectionCodes, type StopRejection } from './stop.rejections.ts';
export { stopRights } from './stop.rights.ts';
export { emptyStops, evolveStops, type LiftedStop, type Stop, type StopsState } from './stop.state.ts';
export { timesStopped, type StoppedTime } from './stopped-times.ts';
