import type { StopId } from '@countersign/kernel';

/** Every reason the agents domain says no. Codes are public: never reuse one. */
export type AgentRejection =
  | { readonly code: 'agents.name_taken'; readonly name: string }
  | { readonly code: 'agents.not_found'; readonly agent: string }
  | { readonly code: 'agents.team_not_found'; readonly team: string }
  | { readonly code: 'agents.owner_not_found'; readonly owner: string }
  | { readonly code: 'agents.retired'; readonly agent: string }
  | { readonly code: 'agents.stopped'; readonly agent: string; readonly stopId: StopId }
  | { readonly code: 'agents.key_not_found'; readonly keyId: string }
  | { readonly code: 'agents.key_already_expired' };

/** What each says. */
export const agentRejectionCodes = {
  'agents.name_taken': 'An agent of that name exists, or existed: names are never used again.',
  'agents.not_found': 'There is no such agent.',
  'agents.team_not_found': 'There is no such team.',
  'agents.owner_not_found': 'The owner of an agent is a member, by id: who answers for it never decides about it.',
  'agents.retired': 'The agent was retired, which is for ever.',
  'agents.stopped': 'A stop covers the agent only while it is in its team, so it cannot be moved out of it.',
  'agents.key_not_found': 'There is no such agent key.',
  'agents.key_already_expired': 'A key was asked for whose expiry is in the past.',
} as const satisfies Record<AgentRejection['code'], string>;
