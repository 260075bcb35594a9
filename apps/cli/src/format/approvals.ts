import type { ApprovalForPeople, WholeApproval } from '@countersign/surface';
import type { Paint } from './paint.ts';
import { tableOr, visible } from './table.ts';

/** What waits, or waited, one line each. */
export const approvalsTable = (approvals: readonly ApprovalForPeople[], paint: Paint): string =>
  tableOr(
    'no approval that fits: what an `ask` rule selects comes here',
    ['STATE', 'UNTIL', 'AGENT', 'ASKS', 'WHOM', 'APPROVED', 'ID'],
    approvals.map((approval) => [
      approval.state,
      approval.deadline,
      visible(approval.agent.name),
      visible(`${approval.intent} ${approval.target}`.trim()),
      whomWords(approval),
      String(approval.approvedBy.length),
      approval.id,
    ]),
    paint,
  );

const whomWords = ({ requirements }: ApprovalForPeople) =>
  requirements.map(({ teams, quorum }) => `${quorum} of ${teams.join(' or ')}`).join(', ');

/** One approval with everything that was said about it. */
export function approvalWords(approval: WholeApproval, paint: Paint): string {
  const { state, agent, intent, target, deadline, settledBy, isEdited, action, feedback } = approval;
  const args = action === null ? 'erased' : JSON.stringify(action.args ?? {});
  return [
    `${paint('bold', state)}: ${visible(agent.name)} asks to ${visible(`${intent} ${target}`.trim())} (${approval.id})`,
    `  asks ${whomWords(approval)}, until ${deadline}${settledBy === null ? '' : `; settled by ${settledBy}`}`,
    `  arguments${isEdited ? ', as people changed them' : ''}: ${visible(args)}`,
    ...(action?.reason ? [`  the agent says: ${visible(action.reason)}`] : []),
    ...approval.reasons.map(({ message }) => `  why: ${visible(message)}`),
    ...approval.votes.map(
      ({ by, verdict, reason, at, isStanding }) =>
        `  ${at} ${by}: ${verdict}${reason === null ? '' : `, ${visible(reason)}`}${isStanding ? '' : ' (does not count)'}`,
    ),
    ...approval.comments.map(({ by, text }) => `  ${by} says: ${visible(text)}`),
    ...approval.questions.map(
      ({ by, text, answer }) => `  ${by} asks: ${visible(text)} ${answer === null ? '' : `→ ${visible(answer)}`}`,
    ),
    ...(feedback === null ? [] : [`  the agent was told: ${visible(feedback)}`]),
  ].join('\n');
}
