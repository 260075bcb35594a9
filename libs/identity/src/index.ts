export { ChangeTimeZone, OrganizationCommand } from './organization.commands.ts';
export { decideOrganization } from './organization.decider.ts';
export { organizationEvents, type OrganizationEvent } from './organization.events.ts';
export { organizationRejectionCodes, type OrganizationRejection } from './organization.rejections.ts';
export { organizationDemand, organizationRights } from './organization.rights.ts';
export { defaultSettings, OrganizationSettings } from './organization.settings.ts';
export {
  emptyIdentity,
  evolveIdentity,
  findTeam,
  settingsOf,
  type IdentityState,
  type Organization,
  type Team,
  type ZoneChange,
} from './organization.state.ts';

export { MemberCommand, memberCommands } from './members/member.commands.ts';
export { decideMember } from './members/member.decider.ts';
export { memberEvents, streamOfMemberEvent, type MemberEvent, type TeamMembership } from './members/member.events.ts';
export {
  activeMember,
  decidersOf,
  invitationStatus,
  mayDecideFor,
  memberOfUser,
  ownersOf,
  standingOf,
  standingOfMemberId,
  type PeopleState,
} from './members/member.queries.ts';
export { memberRejectionCodes, type MemberRejection } from './members/member.rejections.ts';
export { memberDemand, memberRights } from './members/member.rights.ts';
export {
  emptyMembers,
  evolveMembers,
  type Invitation,
  type Member,
  type MembersState,
  type TeamRoles,
} from './members/member.state.ts';

export { canDecide, covers, holdsRole, holdsTeamRole } from './rights/covering.ts';
export { matrix, type Matrix, type Reach } from './rights/matrix.ts';
export { may, teamsWhere } from './rights/may.ts';
export {
  refusalOf,
  registryProblems,
  type Demand,
  type ForbiddenRejection,
  type OperationRight,
  type OperationRights,
} from './rights/operation.ts';
export { Right, rights, RIGHTS, TokenRights } from './rights/right.ts';
export { OrganizationRole, TeamRole } from './rights/roles.ts';
export { operator, stranger, type Caller, type MemberStanding, type Standing } from './rights/standing.ts';
export type { Target, TargetKind } from './rights/target.ts';
