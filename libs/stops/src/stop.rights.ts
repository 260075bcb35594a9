import type { OperationRights, Target } from '@countersign/identity';
import type { OrganizationId, TeamId } from '@countersign/kernel';
import type { StopCommand } from './stop.commands.ts';
import type { StopScope } from './stop.events.ts';

const onAnything = { right: 'stops:place', on: ['organization', 'team', 'agent'] } as const;

/** What each command about stops asks of whoever gives it. A pattern takes `stops:pattern` besides. */
export const stopRights = {
  PlaceStop: onAnything,
  LiftStop: onAnything,
} as const satisfies OperationRights<StopCommand['type']>;

export const patternRight = { right: 'stops:pattern', on: ['organization', 'team'] } as const;

/** The team of an agent, which is what rights over it go by. */
export type TeamOfAgent = (agentId: Extract<StopScope, { kind: 'agent' }>['agentId']) => TeamId | undefined;

/** What a scope is to the matrix. An agent that is not known is nobody's but the organization's. */
export function targetOfScope(scope: StopScope, organizationId: OrganizationId, teamOf: TeamOfAgent): Target {
  const organization = { kind: 'organization', organizationId } as const;
  switch (scope.kind) {
    case 'organization':
      return organization;
    case 'team':
      return { kind: 'team', organizationId, teamId: scope.teamId };
    case 'agent': {
      const teamId = teamOf(scope.agentId);
      return teamId ? { kind: 'agent', organizationId, teamId } : organization;
    }
    default:
      return scope.teamId === null ? organization : { kind: 'team', organizationId, teamId: scope.teamId };
  }
}
