/** Every reason the identity domain says no. Codes are public: never reuse one. */
export type OrganizationRejection =
  | { readonly code: 'identity.organization_exists' }
  | { readonly code: 'identity.organization_not_found' }
  | { readonly code: 'identity.team_exists'; readonly name: string };
