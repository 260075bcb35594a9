import type { ApprovalRequirement } from './policy.evaluation.ts';

/**
 * All asks must be met: one requirement per distinct team, with its highest quorum, its earliest times, and a reason
 * if any wants one. A requirement without a team and one that names the agent's own team are the same.
 */
export function mergeRequirements(
  asks: readonly ApprovalRequirement[],
  ownTeam: string,
  neverAutoApprove: boolean,
): readonly ApprovalRequirement[] {
  const byTeam = new Map<string, ApprovalRequirement>();
  for (const ask of asks) {
    const team = ask.team ?? ownTeam;
    const known = byTeam.get(team);
    byTeam.set(team, known ? stricter(known, ask) : ask);
  }
  const merged = [...byTeam.values()];
  return neverAutoApprove ? merged.map((requirement) => ({ ...requirement, neverAutoApprove })) : merged;
}

function stricter(a: ApprovalRequirement, b: ApprovalRequirement): ApprovalRequirement {
  return {
    team: a.team ?? b.team,
    quorum: Math.max(a.quorum, b.quorum),
    expiresInMs: Math.min(a.expiresInMs, b.expiresInMs),
    permitForMs: Math.min(a.permitForMs, b.permitForMs),
    requireReason: a.requireReason ?? b.requireReason,
    escalate: earlier(a.escalate, b.escalate),
    neverAutoApprove: a.neverAutoApprove || b.neverAutoApprove,
  };
}

type Escalation = ApprovalRequirement['escalate'];

const earlier = (a: Escalation, b: Escalation): Escalation =>
  a === null || (b !== null && b.afterMs < a.afterMs) ? b : a;
