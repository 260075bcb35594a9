import type { Problem } from './problem.ts';

/** Every reason the policy domain says no to a person. Codes are public: never reuse one. */
export type PolicyRejection =
  | { readonly code: 'policies.invalid'; readonly problems: readonly Problem[] }
  | { readonly code: 'policies.not_found'; readonly name: string }
  | { readonly code: 'policies.version_conflict'; readonly expected: number; readonly current: number }
  | { readonly code: 'policies.point_not_found'; readonly layer: string; readonly point: string }
  | { readonly code: 'policies.only_shadow'; readonly layer: string; readonly point: string };
