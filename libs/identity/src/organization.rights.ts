import type { OrganizationCommand } from './organization.commands.ts';
import type { IdentityState } from './organization.state.ts';
import type { Demand, OperationRights } from './rights/operation.ts';

/** What each command about an organization asks of whoever gives it. */
export const organizationRights = {
  CreateOrganization: { right: 'operator' },
  ChangeTimeZone: { right: 'organization:manage', on: ['organization'] },
  ChangeSettings: { right: 'organization:manage', on: ['organization'] },
  CreateTeam: { right: 'organization:manage', on: ['organization'] },
} as const satisfies OperationRights<OrganizationCommand['type']>;

export function organizationDemand({ type }: OrganizationCommand, { organization }: IdentityState): Demand {
  const self = organization.get('self');
  const targets = self ? [{ kind: 'organization', organizationId: self.organizationId } as const] : [];
  return { asks: organizationRights[type], targets };
}
