import type { Actor, MemberId, OrganizationId, TeamId } from '@countersign/kernel';
import type { Right } from './right.ts';
import type { OrganizationRole, TeamRole } from './roles.ts';

/** Who acts, as the edge established it, and what the credential they used is limited to. */
export interface Caller {
  readonly actor: Actor;
  /** Of a personal token; null where the credential limits nothing. */
  readonly tokenRights: readonly Right[] | null;
}

/** What a caller is in one organization. Read under the lock by whoever decides, so that no right outlives its loss. */
export type Standing = OperatorStanding | MemberStanding | { readonly kind: 'stranger' };

/** Whoever holds the operator token of this installation, which people's rights do not bind. */
export interface OperatorStanding {
  readonly kind: 'operator';
}

export interface MemberStanding {
  readonly kind: 'member';
  readonly organizationId: OrganizationId;
  readonly memberId: MemberId;
  readonly role: OrganizationRole;
  /** The teams the member belongs to; absent from here is absent from the team. */
  readonly teams: Readonly<Record<TeamId, TeamRole>>;
  readonly tokenRights: readonly Right[] | null;
  /** The organization's setting: leads may publish to the agents of their teams. */
  readonly leadsPublish: boolean;
}

export const operator: OperatorStanding = { kind: 'operator' };

/** Agents, the system, members of other organizations and former members: none may do what people do. */
export const stranger: Standing = { kind: 'stranger' };
