import { mayDecideFor, type Approval, type Deciding, type Needed } from '@countersign/approvals';
import { toIso, type MemberId } from '@countersign/kernel';
import type { SeenApproval } from '../application/approval-list.ts';
import { budgetAfterText, type BudgetAfter } from '../application/budget-outlook.ts';

/** What happens when the person before it approves or denies, and when nobody does anything. */
export interface ApprovalOutlook {
  readonly onApprove: string;
  readonly onDeny: string;
  readonly onTimeout: string;
}

interface Known {
  readonly deciding: Deciding;
  /** As the action would leave them. */
  readonly budgets: readonly BudgetAfter[];
  /** Who looks. */
  readonly member: MemberId | null;
}

/** Null for what is settled: nothing happens any more. */
export function outlookOf({ approval, status, deadline }: SeenApproval, known: Known): ApprovalOutlook | null {
  if (status !== 'pending') return null;
  return {
    onApprove: approvalWords(approval, known),
    onDeny: 'It is denied at once, whoever approved before; the agent may read your feedback.',
    onTimeout: `Undecided at ${toIso(deadline)}, it is denied. Time under a stop does not count.`,
  };
}

function approvalWords(approval: Approval, { deciding, budgets, member }: Known): string {
  const lacking = approval.requirements.flatMap((needed) => {
    const missing = missingFor(needed, approval, deciding, member);
    return missing > 0 ? [`${missing} more of ${needed.teams.join(' or ')}`] : [];
  });
  if (lacking.length > 0) return `Nothing happens yet: it also needs ${lacking.join(', and ')}.`;
  const permitMs = Math.min(...approval.requirements.map(({ permitForMs }) => permitForMs));
  const raises = approval.budgets.length > 0 ? raisedWords(budgets) : '';
  return `The agent may do exactly this, once, within ${durationWords(permitMs)}.${raises}`;
}

/** How many people a requirement wants beside those who voted, and beside whoever looks. */
function missingFor(needed: Needed, approval: Approval, deciding: Deciding, member: MemberId | null): number {
  const voters = new Set([...approval.votes.map(({ by }) => by), ...(member === null ? [] : [member])]);
  const counting = [...voters].filter((voter) => mayDecideFor(voter, needed, approval, deciding));
  return Math.max(0, needed.quorum - counting.length);
}

function raisedWords(budgets: readonly BudgetAfter[]): string {
  const over = budgets.map(budgetAfterText).filter(({ leaves }) => leaves?.startsWith('-'));
  return over
    .map(
      ({ budget, unit, leaves }) =>
        ` It raises the cap of \`${budget}\` by ${leaves?.slice(1)} ${unit}, for this once.`,
    )
    .join('');
}

const SPANS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

/** In the largest unit that says it exactly. */
export function durationWords(milliseconds: number): string {
  const [span, unit] = SPANS.find(([each]) => milliseconds >= each && milliseconds % each === 0) ?? [1, 'ms'];
  return `${milliseconds / span} ${unit}`;
}
