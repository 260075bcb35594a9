import type { OrganizationId, TeamId } from '@countersign/kernel';

/** What an operation is about, as far as rights can tell things apart. */
export type Target =
  | { readonly kind: 'organization'; readonly organizationId: OrganizationId }
  | { readonly kind: 'team'; readonly organizationId: OrganizationId; readonly teamId: TeamId }
  /** An agent, by the team it belongs to. */
  | { readonly kind: 'agent'; readonly organizationId: OrganizationId; readonly teamId: TeamId }
  /** What does not exist yet and so is in force nowhere: the first version of a policy. */
  | { readonly kind: 'novelty'; readonly organizationId: OrganizationId };

export type TargetKind = Target['kind'];
