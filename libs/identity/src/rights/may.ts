import { unreachable, type TeamId } from '@countersign/kernel';
import { matrix, type Reach } from './matrix.ts';
import type { Right } from './right.ts';
import type { TeamRole } from './roles.ts';
import type { MemberStanding, Standing } from './standing.ts';
import type { Target } from './target.ts';

/**
 * Whether someone may do something to something: the one question every operation asks. Pure and total; what is not
 * said in the matrix is no.
 */
export function may(standing: Standing, right: Right, target: Target): boolean {
  // The operator is not a person, and a quorum counts persons.
  if (standing.kind === 'operator') return right !== 'approvals:decide';
  if (standing.kind === 'stranger' || standing.organizationId !== target.organizationId) return false;
  return isNamed(standing, right) && matrix[right][standing.role].some((reach) => reaches(reach, standing, target));
}

/** The teams whose agents a right covers, to narrow a list by: all, or these. */
export function teamsWhere(standing: Standing, right: Right): 'everywhere' | readonly TeamId[] {
  if (standing.kind === 'operator') return right === 'approvals:decide' ? [] : 'everywhere';
  if (standing.kind === 'stranger' || !isNamed(standing, right)) return [];
  if (matrix[right][standing.role].includes('everywhere')) return 'everywhere';

  const { organizationId } = standing;
  const teamIds = Object.keys(standing.teams) as TeamId[];
  return teamIds.filter((teamId) => may(standing, right, { kind: 'agent', organizationId, teamId }));
}

const isNamed = ({ tokenRights }: MemberStanding, right: Right) => tokenRights === null || tokenRights.includes(right);

function reaches(reach: Reach, standing: MemberStanding, target: Target): boolean {
  if (reach === 'everywhere') return true;
  if (reach === 'led-agents' && !standing.leadsPublish) return false;
  switch (target.kind) {
    case 'organization':
      return false;
    case 'novelty':
      return reach === 'led-agents' && Object.values(standing.teams).includes('lead');
    case 'team':
      return reach !== 'own-agents' && reach !== 'led-agents' && isEnoughIn(target.teamId, reach, standing);
    case 'agent':
      return isEnoughIn(target.teamId, reach, standing);
    default:
      return unreachable(target);
  }
}

function isEnoughIn(teamId: TeamId, reach: Exclude<Reach, 'everywhere'>, { teams }: MemberStanding): boolean {
  const teamRole = teams[teamId];
  return teamRole !== undefined && suffices[reach].includes(teamRole);
}

const suffices: Readonly<Record<Exclude<Reach, 'everywhere'>, readonly TeamRole[]>> = {
  'own-teams': ['lead', 'approver', 'none'],
  'own-agents': ['lead', 'approver', 'none'],
  'decided-teams': ['lead', 'approver'],
  'led-teams': ['lead'],
  'led-agents': ['lead'],
};
