import type { Right } from './right.ts';
import type { OrganizationRole } from './roles.ts';

/**
 * How far a right reaches.
 *
 * - `everywhere`: the organization, every team, every agent.
 * - `own-teams`: teams the member belongs to, whatever their role there, and those teams' agents.
 * - `own-agents`: the agents of those teams, but not the teams.
 * - `decided-teams`: teams where the member is lead or approver, and their agents.
 * - `led-teams`: teams where the member is lead, and their agents.
 * - `led-agents`: the agents of led teams, and what is not in force anywhere yet; only while the organization lets leads
 *   publish.
 */
export type Reach = 'everywhere' | 'own-teams' | 'own-agents' | 'decided-teams' | 'led-teams' | 'led-agents';

/** What each role may do: the union of these. Empty is never. */
export type Matrix = Readonly<Record<Right, Readonly<Record<OrganizationRole, readonly Reach[]>>>>;

const everywhere: readonly Reach[] = ['everywhere'];
const ownTeams: readonly Reach[] = ['own-teams'];
const decidedTeams: readonly Reach[] = ['decided-teams'];
const ledTeams: readonly Reach[] = ['led-teams'];
const ledAgents: readonly Reach[] = ['led-agents'];
const never: readonly Reach[] = [];

/** The matrix of design section 11, in one place. Everything that asks what a member may do ends here. */
export const matrix: Matrix = {
  'teams:read': {
    owner: everywhere,
    admin: everywhere,
    member: ownTeams,
    developer: ownTeams,
    auditor: everywhere,
    viewer: ownTeams,
  },
  'args:read': {
    owner: everywhere,
    admin: everywhere,
    member: ownTeams,
    developer: ownTeams,
    auditor: everywhere,
    viewer: never,
  },
  'organization:read': {
    owner: everywhere,
    admin: everywhere,
    member: never,
    developer: never,
    auditor: everywhere,
    viewer: never,
  },
  'agents:manage': {
    owner: everywhere,
    admin: everywhere,
    member: never,
    developer: ownTeams,
    auditor: never,
    viewer: never,
  },
  'policies:draft': {
    owner: everywhere,
    admin: everywhere,
    member: never,
    developer: everywhere,
    auditor: never,
    viewer: never,
  },
  'policies:publish': {
    owner: everywhere,
    admin: everywhere,
    member: ledAgents,
    developer: ledAgents,
    auditor: never,
    viewer: never,
  },
  // Owners too decide for a team only as its lead or approver; auditors never, so that who checks has not decided.
  'approvals:decide': {
    owner: decidedTeams,
    admin: decidedTeams,
    member: decidedTeams,
    developer: decidedTeams,
    auditor: never,
    viewer: never,
  },
  // A developer who is also a lead or an approver has what any member has in that place.
  'stops:place': {
    owner: everywhere,
    admin: everywhere,
    member: decidedTeams,
    developer: ['own-agents', 'decided-teams'],
    auditor: never,
    viewer: never,
  },
  'stops:pattern': {
    owner: everywhere,
    admin: everywhere,
    member: ledTeams,
    developer: ledTeams,
    auditor: never,
    viewer: never,
  },
  'teams:manage': {
    owner: everywhere,
    admin: everywhere,
    member: ledTeams,
    developer: ledTeams,
    auditor: never,
    viewer: never,
  },
  'organization:manage': {
    owner: everywhere,
    admin: everywhere,
    member: never,
    developer: never,
    auditor: never,
    viewer: never,
  },
  'organization:own': {
    owner: everywhere,
    admin: never,
    member: never,
    developer: never,
    auditor: never,
    viewer: never,
  },
};
