import type { PolicyDocument } from '@countersign/policy';

/** Whom it takes to answer everything that a policy can ask of its first teams. */
export interface WantedPeople {
  /** As many as the largest quorum. */
  readonly count: number;
  /** Each of them decides for all of these. */
  readonly teams: readonly string[];
  /** A budget lets its team raise it up to a bound; beyond it an owner or admin has to be among those who approve. */
  readonly isAdminNeeded: boolean;
}

/**
 * Reads from a policy whom its asks go to. One person counts for every team that they decide for, so the largest quorum
 * says how many it takes. To whom asks escalate does not matter to somebody who answers at once.
 *
 * @param own the team of the agent, which is asked where the policy names none
 */
export function wantedPeople({ rules, budgets }: PolicyDocument, own: string): WantedPeople {
  const asking = budgets.filter(({ onExceed }) => onExceed === 'ask');
  const approvals = [...rules, ...asking].flatMap(({ approval }) => approval ?? []);
  return {
    count: Math.max(1, ...approvals.map(({ quorum }) => quorum)),
    teams: [...new Set([own, ...approvals.flatMap(({ team }) => team ?? [])])],
    isAdminNeeded: asking.some(({ raiseMax }) => raiseMax !== null),
  };
}
