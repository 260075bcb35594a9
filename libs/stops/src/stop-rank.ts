import type { MemberStanding, Standing, Target } from '@countersign/identity';
import { StopRank } from './stop.events.ts';

/**
 * How high somebody stands over a stop's scope: by their role in the organization, else by what they are in the team it
 * is about. The operator stands with the owners, so that an owner can lift what the operator stopped. Null is not at all.
 */
export function rankOver(standing: Standing, target: Target): StopRank | null {
  if (standing.kind === 'operator') return 'owner';
  if (standing.kind === 'stranger') return null;
  const { role } = standing;
  return role === 'owner' || role === 'admin' ? role : rankInTeam(standing, target);
}

function rankInTeam({ role, teams }: MemberStanding, target: Target): StopRank | null {
  const inTeam = 'teamId' in target ? teams[target.teamId] : undefined;
  if (inTeam === 'lead' || inTeam === 'approver') return inTeam;
  return inTeam === 'none' && role === 'developer' ? 'developer' : null;
}

export const isNoLower = (rank: StopRank, other: StopRank) =>
  StopRank.options.indexOf(rank) >= StopRank.options.indexOf(other);
