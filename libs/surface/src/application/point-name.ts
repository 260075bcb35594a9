import type { EnforcementState } from '@countersign/decisions';
import { unreachable, type AgentId, type TeamId } from '@countersign/kernel';
import type { Layer } from '@countersign/policy';

/** The name of an organization, team or agent by its id; of what the configuration does not know, the id itself. */
export function nameOfPoint(layer: Layer, point: string, state: EnforcementState): string {
  return knownName(layer, point, state) ?? point;
}

function knownName(layer: Layer, point: string, state: EnforcementState): string | undefined {
  switch (layer) {
    case 'organization':
      return state.organization.get('self')?.name;
    case 'team':
      return state.teams.get(point as TeamId)?.name;
    case 'agent':
      return state.agents.get(point as AgentId)?.name;
    case 'user':
      return point;
    default:
      return unreachable(layer);
  }
}
