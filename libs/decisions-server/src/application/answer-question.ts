import { decideApproval, type ApprovalFacts } from '@countersign/approvals';
import { electorateOf } from '@countersign/decisions';
import type { BatchFacts } from './batch.ts';
import { agentActor } from './agent-actor.ts';
import type { Case } from './case.ts';
import { ownHistory } from './extension-case.ts';
import type { PendingQuestionAnswer, QuestionAnswer } from './pending.ts';

/** An agent answers what an approver asked about its own ask. The same answer twice is one. */
export function answerQuestion(each: Case, request: PendingQuestionAnswer, batch: BatchFacts): QuestionAnswer {
  const { decisionId, questionId, answerId, text } = request;
  const { decided } = ownHistory(each, decisionId, batch);
  if (!decided) return { kind: 'refused', rejection: { code: 'decision.not_found' } };
  const approval = decided.approval && batch.asks.current(decided.approval.id);
  if (!approval) return { kind: 'refused', rejection: { code: 'ask.not_pending' } };

  const { approvalId } = approval;
  const actor = agentActor(each.pending.caller);
  const facts = factsFor(each, actor, batch, batch.asks.stopsOver(approval));
  const command = { type: 'AnswerQuestion', approvalId, questionId, answerId, text } as const;
  const decision = decideApproval(command, batch.money, facts, batch.head.now);
  if (decision.outcome === 'rejected') return { kind: 'refused', rejection: decision.rejection };
  for (const event of decision.events) batch.asks.record(approvalId, event, actor);
  return { kind: 'answered' };
}

function factsFor(
  { asker }: Case,
  actor: ApprovalFacts['by']['actor'],
  { configuration, head }: BatchFacts,
  stops: ApprovalFacts['stops'],
): ApprovalFacts {
  const { state, people } = configuration;
  return {
    ...electorateOf(state, asker.agent.agentId, head.now, people),
    by: { actor, tokenRights: null },
    stops,
    excessOf: () => {
      throw new Error('answers are not judged by money');
    },
    redecided: null,
    grantable: null,
  };
}
