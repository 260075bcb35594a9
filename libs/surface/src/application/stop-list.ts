import { Configurations, type EnforcementState } from '@countersign/decisions';
import { toIso, type OrganizationId, type StopId } from '@countersign/kernel';
import { Ledger } from '@countersign/ledger';
import { compileStops, emptyStops, stopsCovering, stopStream, type Stop, type StopScope } from '@countersign/stops';
import { Injectable } from '@nestjs/common';
import { DecisionRows } from '../adapters/decision-rows.ts';
import type { PlacedDecision } from './decision-for-people.ts';
import { nameOfPoint } from './point-name.ts';

/** The last allow that stands before a stop, in what it covers. */
export interface LastAllowed {
  readonly position: number;
  readonly decisionId: string;
  readonly decidedAt: string;
}

export interface StopForPeople {
  readonly id: string;
  readonly scope: StopScope;
  /** The scope in words: `team support`, `intent refund.* of team support`. */
  readonly scopeName: string;
  readonly reason: string;
  readonly by: { readonly kind: string; readonly id: string };
  readonly rank: string;
  readonly placedAt: string;
  /** No later position of the ledger holds an allow in its scope (I6). */
  readonly position: number;
  /** Null when there is none within the positions that were looked through. */
  readonly lastAllowed: LastAllowed | null;
  /** Whether all positions before it were looked through. */
  readonly isLookedThrough: boolean;
}

/** One query reads so many positions; a stop on what acts seldom is not looked behind for ever. */
const STEP = 500;
const SCANNED_MAX = 10_000;

/** The stops in force, each with what the ledger says of when it came. */
@Injectable()
export class StopList {
  constructor(
    private readonly configurations: Configurations,
    private readonly ledger: Ledger,
    private readonly decisions: DecisionRows,
  ) {}

  /** The latest first. */
  async all(organizationId: OrganizationId): Promise<readonly StopForPeople[]> {
    const { state } = await this.configurations.read(organizationId);
    const found: StopForPeople[] = [];
    // One after the other: each may read many pages, and the pool is for everybody.
    for (const stop of state.stops.values()) found.push(await this.one(organizationId, stop, state));
    return found.sort((one, other) => other.position - one.position);
  }

  async one(organizationId: OrganizationId, stop: Stop, state: EnforcementState): Promise<StopForPeople> {
    const { stopId, scope, reason, by, rank, placedAt } = stop;
    const position = await this.#positionOf(organizationId, stopId);
    const floor = Math.max(0, position - SCANNED_MAX);
    return {
      id: stopId,
      scope,
      scopeName: nameOfScope(scope, state),
      reason,
      by,
      rank,
      placedAt: toIso(placedAt),
      position,
      lastAllowed: await this.#lastAllowed(organizationId, stop, { floor, position }),
      isLookedThrough: floor === 0,
    };
  }

  async #positionOf(organizationId: OrganizationId, stopId: StopId): Promise<number> {
    const [placed] = await this.ledger.readStream(organizationId, stopStream(stopId));
    return placed?.position ?? 0;
  }

  async #lastAllowed(
    organizationId: OrganizationId,
    stop: Stop,
    { floor, position }: { readonly floor: number; readonly position: number },
  ): Promise<LastAllowed | null> {
    const isCovered = coveredBy(stop);
    for (let to = position; to > floor; to -= STEP) {
      const decisions = await this.decisions.within(organizationId, { from: Math.max(floor, to - STEP), to });
      const last = decisions.findLast(({ decided }) => decided.verdict === 'allow' && isCovered(decided));
      if (last) return lastOf(last);
    }
    return null;
  }
}

const lastOf = ({ position, at, decided }: PlacedDecision): LastAllowed => ({
  position,
  decisionId: decided.decisionId,
  decidedAt: toIso(at),
});

/** Compared as a decision compares. An agent's team is the one it was in then. */
function coveredBy(stop: Stop): (decided: PlacedDecision['decided']) => boolean {
  const state = emptyStops();
  state.stops.load(stop.stopId, stop);
  const compiled = compileStops(state);
  return ({ agent, action }) =>
    stopsCovering(compiled, {
      agentId: agent.id,
      teamId: agent.team,
      intent: action.intent,
      target: action.target,
    }).length > 0;
}

export function nameOfScope(scope: StopScope, state: EnforcementState): string {
  switch (scope.kind) {
    case 'organization':
      return 'the whole organization';
    case 'team':
      return `team ${nameOfPoint('team', scope.teamId, state)}`;
    case 'agent':
      return `agent ${nameOfPoint('agent', scope.agentId, state)}`;
    case 'intent':
      return scope.teamId === null
        ? `intent ${scope.pattern}`
        : `intent ${scope.pattern} of team ${nameOfPoint('team', scope.teamId, state)}`;
  }
}
