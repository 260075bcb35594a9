import type { AgentId, TeamId } from '@countersign/kernel';
import { matchesPattern, parsePattern, subjectOf, type Pattern, type Subject } from '@countersign/kernel/patterns';
import type { Stop, StopsState } from './stop.state.ts';

/** What an agent is about to do, as far as stops can tell actions apart. The team is the one it belongs to. */
export interface StoppableAction {
  readonly agentId: AgentId;
  readonly teamId: TeamId;
  readonly intent: string;
  /** Empty for an action without one. */
  readonly target: string;
}

/** The stops in force, ready to be asked about every action. Immutable: made once for each epoch. */
export interface CompiledStops {
  readonly size: number;
  readonly everywhere: readonly Stop[];
  readonly byTeam: ReadonlyMap<TeamId, readonly Stop[]>;
  readonly byAgent: ReadonlyMap<AgentId, readonly Stop[]>;
  readonly patterns: readonly StoppedPattern[];
}

interface StoppedPattern {
  readonly pattern: Pattern;
  /** Null is every team. */
  readonly teamId: TeamId | null;
  readonly stop: Stop;
}

/** Compiles the stops in force; what is placed or lifted afterwards, it does not know. */
export function compileStops({ stops }: Pick<StopsState, 'stops'>): CompiledStops {
  const everywhere: Stop[] = [];
  const byTeam = new Map<TeamId, Stop[]>();
  const byAgent = new Map<AgentId, Stop[]>();
  const patterns: StoppedPattern[] = [];
  for (const stop of stops.values()) {
    const { scope } = stop;
    if (scope.kind === 'organization') everywhere.push(stop);
    else if (scope.kind === 'team') append(byTeam, scope.teamId, stop);
    else if (scope.kind === 'agent') append(byAgent, scope.agentId, stop);
    else patterns.push({ pattern: patternOf(scope.pattern), teamId: scope.teamId, stop });
  }
  return { size: stops.size, everywhere, byTeam, byAgent, patterns };
}

function append<Key>(map: Map<Key, Stop[]>, key: Key, stop: Stop): void {
  const known = map.get(key);
  if (known) known.push(stop);
  else map.set(key, [stop]);
}

/** As a block compares: a stop must not be slipped past by letters that only look different. */
const patternOf = (text: string) => parsePattern(text, 'folded');

const none: readonly Stop[] = [];

/**
 * The stops that cover an action (I6), in the order in which they were placed. Called for every action under the lock:
 * with no stop in force it allocates nothing, and two look-ups are what a stop elsewhere costs.
 */
export function stopsCovering(compiled: CompiledStops, action: StoppableAction): readonly Stop[] {
  if (compiled.size === 0) return none;
  const { everywhere, byTeam, byAgent } = compiled;
  const ofTeam = byTeam.get(action.teamId) ?? none;
  const ofAgent = byAgent.get(action.agentId) ?? none;
  const byPattern = compiled.patterns.length === 0 ? none : selecting(compiled.patterns, action);

  const count = everywhere.length + ofTeam.length + ofAgent.length + byPattern.length;
  return count === 0 ? none : [...everywhere, ...ofTeam, ...ofAgent, ...byPattern].sort(asPlaced);
}

function selecting(patterns: readonly StoppedPattern[], { teamId, intent, target }: StoppableAction): readonly Stop[] {
  const subject = subjectOf(intent, target);
  return patterns.filter((each) => isOfTeam(each, teamId) && matchesPattern(each.pattern, subject)).map(stopOf);
}

const isOfTeam = (each: StoppedPattern, teamId: TeamId) => each.teamId === null || each.teamId === teamId;
const stopOf = ({ stop }: StoppedPattern) => stop;
const asPlaced = (one: Stop, other: Stop) => one.placedAt - other.placedAt || (one.stopId < other.stopId ? -1 : 1);

/** The same question of one stop, past ones included, that is not compiled. */
export function isCovered({ scope }: Stop, action: StoppableAction, subject: Subject): boolean {
  switch (scope.kind) {
    case 'organization':
      return true;
    case 'team':
      return scope.teamId === action.teamId;
    case 'agent':
      return scope.agentId === action.agentId;
    default:
      return (
        (scope.teamId === null || scope.teamId === action.teamId) && matchesPattern(patternOf(scope.pattern), subject)
      );
  }
}
