/** Every reason the agents domain says no. Codes are public: never reuse one. */
export type AgentRejection =
  | { readonly code: 'agents.name_taken'; readonly name: string }
  | { readonly code: 'agents.not_found'; readonly agent: string }
  | { readonly code: 'agents.team_not_found'; readonly team: string }
  | { readonly code: 'agents.retired'; readonly agent: string }
  | { readonly code: 'agents.key_not_found'; readonly keyId: string }
  | { readonly code: 'agents.key_already_expired' };
