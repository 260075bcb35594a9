import type { ForbiddenRejection } from '@countersign/identity';
import type { StopId } from '@countersign/kernel';
import type { StopRank } from './stop.events.ts';

/** Every reason a stop is not placed or not lifted. Codes are public: never reuse one. */
export type StopRejection =
  | ForbiddenRejection
  | { readonly code: 'stops.not_found'; readonly stopId: StopId }
  | { readonly code: 'stops.team_not_found'; readonly team: string }
  | { readonly code: 'stops.agent_not_found'; readonly agent: string }
  | { readonly code: 'stops.too_many_patterns'; readonly most: number }
  | { readonly code: 'stops.placed_by_higher'; readonly rank: StopRank };

/** What each says, but for `identity.forbidden`, which identity lists. */
export const stopRejectionCodes = {
  'stops.not_found': 'There is no such stop.',
  'stops.team_not_found': 'There is no such team.',
  'stops.agent_not_found': 'There is no such agent.',
  'stops.too_many_patterns': 'So many patterns are stopped there that each action would take long to compare.',
  'stops.placed_by_higher': 'Whoever placed the stop stands higher over what it covers.',
} as const satisfies Record<Exclude<StopRejection['code'], 'identity.forbidden'>, string>;
