import { matrix, type Reach } from './matrix.ts';
import { RIGHTS, type Right } from './right.ts';
import type { OrganizationRole, TeamRole } from './roles.ts';
import type { Standing } from './standing.ts';

/** What each reach includes beside itself. Novelties are in no team, so only who may everywhere includes `led-agents`. */
const includes: Readonly<Record<Reach, readonly Reach[]>> = {
  everywhere: ['own-teams', 'own-agents', 'decided-teams', 'led-teams', 'led-agents'],
  'own-teams': ['own-agents', 'decided-teams', 'led-teams'],
  'own-agents': [],
  'decided-teams': ['led-teams'],
  'led-teams': [],
  'led-agents': [],
};

/** Whether whoever has the first role has every right of the second, as far as it reaches there. */
export const covers = (role: OrganizationRole, other: OrganizationRole): boolean =>
  RIGHTS.every((right) => matrix[right][other].every((reach) => isWithin(reach, matrix[right][role])));

const isWithin = (reach: Reach, held: readonly Reach[]) =>
  held.some((each) => each === reach || includes[each].includes(reach));

/**
 * Nobody grants, or takes away, what they do not hold: a role may be given by whoever has all of its rights, and with a
 * personal token only if the token names them all.
 */
export function holdsRole(standing: Standing, role: OrganizationRole): boolean {
  if (standing.kind === 'operator') return true;
  return (
    standing.kind === 'member' && covers(standing.role, role) && rightsOf(role).every((right) => names(standing, right))
  );
}

/** The same of a role in a team: a limited token must name what the team role adds. */
export function holdsTeamRole(standing: Standing, teamRole: TeamRole): boolean {
  if (standing.kind === 'operator') return true;
  return standing.kind === 'member' && rightsOfTeamRole[teamRole].every((right) => names(standing, right));
}

const rightsOf = (role: OrganizationRole) => RIGHTS.filter((right) => matrix[right][role].length > 0);

const needing = (...reaches: readonly Reach[]) =>
  RIGHTS.filter((right) => Object.values(matrix[right]).some((cell) => cell.some((reach) => reaches.includes(reach))));

const rightsOfTeamRole: Readonly<Record<TeamRole, readonly Right[]>> = {
  lead: needing('decided-teams', 'led-teams', 'led-agents'),
  approver: needing('decided-teams'),
  none: [],
};

/** Whether an organization role lets its holder be a team's lead or approver at all. */
export const canDecide = (role: OrganizationRole): boolean => matrix['approvals:decide'][role].length > 0;

const names = ({ tokenRights }: { readonly tokenRights: readonly Right[] | null }, right: Right) =>
  tokenRights === null || tokenRights.includes(right);
