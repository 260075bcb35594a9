/** Every reason the identity domain says no. Codes are public: never reuse one. */
export type OrganizationRejection =
  | { readonly code: 'identity.organization_exists' }
  | { readonly code: 'identity.organization_not_found' }
  | { readonly code: 'identity.team_exists'; readonly name: string };

/** What each says. */
export const organizationRejectionCodes = {
  'identity.organization_exists': 'An organization of that name exists.',
  'identity.organization_not_found': 'There is no such organization.',
  'identity.team_exists': 'A team of that name exists.',
} as const satisfies Record<OrganizationRejection['code'], string>;
