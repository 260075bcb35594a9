import type { PublicationId } from '@countersign/kernel';
import type { Problem } from './problem.ts';

/** Every reason the policy domain says no to a person. Codes are public: never reuse one. */
export type PolicyRejection =
  | { readonly code: 'policies.invalid'; readonly problems: readonly Problem[] }
  | { readonly code: 'policies.not_found'; readonly name: string }
  | { readonly code: 'policies.version_conflict'; readonly expected: number; readonly current: number }
  | { readonly code: 'policies.point_not_found'; readonly layer: string; readonly point: string }
  | { readonly code: 'policies.only_shadow'; readonly layer: string; readonly point: string }
  | { readonly code: 'policies.second_person_needed' }
  | { readonly code: 'policies.too_many_publications'; readonly most: number }
  | { readonly code: 'policies.publication_not_found'; readonly publicationId: PublicationId }
  | { readonly code: 'policies.own_publication' }
  | { readonly code: 'policies.members_confirm' }
  | { readonly code: 'policies.publication_void' };

/** What each says. */
export const policyRejectionCodes = {
  'policies.invalid': 'The policy cannot be published as it is written; `errors` has every problem with its line.',
  'policies.not_found': 'There is no policy of that name, or it is not attached there.',
  'policies.version_conflict': 'Another version is in force than the one this was to follow: somebody else published.',
  'policies.point_not_found': 'There is nothing of that name to attach a policy to.',
  'policies.only_shadow': 'Only shadow policies would be attached there, and shadows never allow.',
  'policies.second_person_needed': 'A second person has to confirm it, and it came by a way that cannot wait for one.',
  'policies.too_many_publications': 'So much waits to be confirmed that nobody would look through more.',
  'policies.publication_not_found': 'Nothing of that id waits to be confirmed: it never did, or it was answered.',
  'policies.own_publication': 'Nobody confirms what they want themselves: that takes a second person.',
  'policies.members_confirm': 'Only a member confirms: a token of an operator is no person.',
  'policies.publication_void': 'Whoever wanted it could no longer publish it today.',
} as const satisfies Record<PolicyRejection['code'], string>;
