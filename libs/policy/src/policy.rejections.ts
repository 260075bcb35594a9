import type { Problem } from './problem.ts';

/** Every reason the policy domain says no to a person. Codes are public: never reuse one. */
export type PolicyRejection =
  | { readonly code: 'policies.invalid'; readonly problems: readonly Problem[] }
  | { readonly code: 'policies.not_found'; readonly name: string }
  | { readonly code: 'policies.version_conflict'; readonly expected: number; readonly current: number }
  | { readonly code: 'policies.point_not_found'; readonly layer: string; readonly point: string }
  | { readonly code: 'policies.only_shadow'; readonly layer: string; readonly point: string };

/** What each says. */
export const policyRejectionCodes = {
  'policies.invalid': 'The policy cannot be published as it is written; `errors` has every problem with its line.',
  'policies.not_found': 'There is no policy of that name, or it is not attached there.',
  'policies.version_conflict': 'Another version is in force than the one this was to follow: somebody else published.',
  'policies.point_not_found': 'There is nothing of that name to attach a policy to.',
  'policies.only_shadow': 'Only shadow policies would be attached there, and shadows never allow.',
} as const satisfies Record<PolicyRejection['code'], string>;
