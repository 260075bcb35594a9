export { OrganizationCommand } from './organization.commands.ts';
export { decideOrganization } from './organization.decider.ts';
export { organizationEvents, type OrganizationEvent } from './organization.events.ts';
export { organizationRejectionCodes, type OrganizationRejection } from './organization.rejections.ts';
export {
  emptyIdentity,
  evolveIdentity,
  findTeam,
  type IdentityState,
  type Organization,
  type Team,
  type ZoneChange,
} from './organization.state.ts';
