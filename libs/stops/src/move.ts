import type { TeamId } from '@countersign/kernel';
import type { Stop, StopsState } from './stop.state.ts';

/**
 * The stops whose scope an agent would leave by moving from one team to another: not empty means that it may not.
 * A stop of the agent goes where the agent goes, and one of the organization is everywhere. A pattern within the team
 * counts whichever intents it selects, for nobody knows what the agent will do next.
 */
export function stopsLeftBy(
  { stops }: Pick<StopsState, 'stops'>,
  { from, to }: { readonly from: TeamId; readonly to: TeamId },
): readonly Stop[] {
  return from === to ? [] : [...stops.values()].filter(({ scope }) => 'teamId' in scope && scope.teamId === from);
}
