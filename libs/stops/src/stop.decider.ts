import {
  findTeam,
  refusalOf,
  standingOf,
  type Caller,
  type ForbiddenRejection,
  type PeopleState,
  type Standing,
} from '@countersign/identity';
import { accepted, rejected, type AgentId, type Decided, type Instant, type TeamId } from '@countersign/kernel';
import { isNoLower, rankOver } from './stop-rank.ts';
import type { StopCommand, StopWish } from './stop.commands.ts';
import type { StopAuthor, StopEvent, StopRank, StopScope } from './stop.events.ts';
import type { StopRejection } from './stop.rejections.ts';
import { patternRight, stopRights, targetOfScope } from './stop.rights.ts';
import type { Stop, StopsState } from './stop.state.ts';

type Decision = Decided<StopEvent, StopRejection>;
type Of<Type> = Extract<StopCommand, { type: Type }>;

/** Each action is compared with all patterns that are stopped, so each team, and the organization, has so many. */
const PATTERNS_MAX = 50;

/** What a stop is judged against besides the rows: read under the lock too. */
export interface StopFacts {
  readonly caller: Caller;
  /** An agent by its id or its name. The agents' own library may ask this one, so this one cannot ask it. */
  readonly findAgent: (reference: string) => { readonly agentId: AgentId; readonly teamId: TeamId } | undefined;
}

/** Who asks, where they stand, and what they ask about, put together once. */
interface Question {
  readonly state: StopsState & PeopleState;
  readonly facts: StopFacts;
  readonly standing: Standing;
}

/**
 * What may happen to stops, judged under the organization's head lock. From the position of `StopPlaced` on, and until
 * `StopLifted`, nothing in its scope is allowed or taken (I6).
 */
export function decideStop(
  command: StopCommand,
  state: StopsState & PeopleState,
  facts: StopFacts,
  at: Instant,
): Decision {
  const standing = standingOf(facts.caller, state);
  // First, so that whoever may do nothing here learns nothing either.
  if (standing.kind === 'stranger') return rejected(forbidden);
  const question = { state, facts, standing };
  return command.type === 'PlaceStop' ? place(command, question, at) : lift(command, question, at);
}

const forbidden: ForbiddenRejection = { code: 'identity.forbidden', right: 'stops:place' };

function place({ stopId, scope: wish, reason }: Of<'PlaceStop'>, question: Question, at: Instant): Decision {
  const scope = scopeOf(wish, question);
  if ('code' in scope) return rejected(scope);
  const rank = rankFor(scope, question);
  if (typeof rank !== 'string') return rejected(rank);

  const by = authorOf(question.facts.caller);
  const there = [...question.state.stops.values()].filter((stop) => keyOf(stop.scope) === keyOf(scope));
  // Pulling the switch twice is pulling it once; somebody else's is theirs to lift, so one's own is placed beside it.
  if (there.some((stop) => isBy(stop, by) && isNoLower(stop.rank, rank))) return accepted();
  if (isFull(scope, question.state)) return rejected({ code: 'stops.too_many_patterns', most: PATTERNS_MAX });
  return accepted({ type: 'StopPlaced', data: { stopId, scope, reason, by, rank, at } });
}

/** Who placed it may lift it while they may still place it; so may whoever else may and ranks no lower. */
function lift({ stopId, reason }: Of<'LiftStop'>, question: Question, at: Instant): Decision {
  const { stops, liftedStops } = question.state;
  const stop = stops.get(stopId) ?? liftedStops.get(stopId);
  if (!stop) return rejected({ code: 'stops.not_found', stopId });
  const rank = rankFor(stop.scope, question);
  if (typeof rank !== 'string') return rejected(rank);

  const by = authorOf(question.facts.caller);
  if (!isBy(stop, by) && !isNoLower(rank, stop.rank))
    return rejected({ code: 'stops.placed_by_higher', rank: stop.rank });
  // Lifting twice is lifting once: two people in a hurry both succeed.
  return stops.has(stopId) ? accepted({ type: 'StopLifted', data: { stopId, reason, by, at } }) : accepted();
}

/** The ids of what a person named, or what of it there is not. */
function scopeOf(wish: StopWish, { state, facts }: Question): StopScope | StopRejection {
  switch (wish.kind) {
    case 'organization':
      return wish;
    case 'agent': {
      const agent = facts.findAgent(wish.agent);
      return agent ? { kind: 'agent', agentId: agent.agentId } : { code: 'stops.agent_not_found', agent: wish.agent };
    }
    case 'team': {
      const team = findTeam(state, wish.team);
      return team ? { kind: 'team', teamId: team.teamId } : { code: 'stops.team_not_found', team: wish.team };
    }
    default:
      return intentScopeOf(wish, state);
  }
}

function intentScopeOf(wish: Extract<StopWish, { kind: 'intent' }>, state: PeopleState): StopScope | StopRejection {
  const { pattern } = wish;
  if (wish.team === null) return { kind: 'intent', pattern, teamId: null };
  const team = findTeam(state, wish.team);
  return team ? { kind: 'intent', pattern, teamId: team.teamId } : { code: 'stops.team_not_found', team: wish.team };
}

/** How high the caller stands over a scope that they may stop; else what they lack. */
function rankFor(scope: StopScope, { state, facts, standing }: Question): StopRank | ForbiddenRejection {
  const self = state.organization.get('self');
  if (!self) return forbidden;
  const target = targetOfScope(scope, self.organizationId, (agentId) => facts.findAgent(agentId)?.teamId);
  const refusal =
    refusalOf(standing, { asks: stopRights.PlaceStop, targets: [target] }) ??
    (scope.kind === 'intent' ? refusalOf(standing, { asks: patternRight, targets: [target] }) : null);
  return refusal ?? rankOver(standing, target) ?? forbidden;
}

const authorOf = ({ actor }: Caller): StopAuthor => ({
  kind: actor.kind === 'operator' ? 'operator' : 'member',
  id: actor.id,
});

const isBy = ({ by }: Stop, { kind, id }: StopAuthor) => by.kind === kind && by.id === id;

function isFull(scope: StopScope, { stops }: StopsState): boolean {
  if (scope.kind !== 'intent') return false;
  const beside = [...stops.values()].filter(
    (stop) => stop.scope.kind === 'intent' && stop.scope.teamId === scope.teamId,
  );
  return beside.length >= PATTERNS_MAX;
}

/** The same text for the same scope, and for no other. */
function keyOf(scope: StopScope): string {
  switch (scope.kind) {
    case 'organization':
      return 'organization';
    case 'team':
      return scope.teamId;
    case 'agent':
      return scope.agentId;
    default:
      return `${scope.teamId ?? '*'} ${scope.pattern}`;
  }
}
