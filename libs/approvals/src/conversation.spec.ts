import { specFor } from '@countersign/testing/decider';
import { describe, it } from 'vitest';
import type { ApprovalCommand } from './approval.commands.ts';
import { decideApproval } from './approval.decider.ts';
import type { ApprovalEvent } from './approval.events.ts';
import type { ApprovalRejection } from './approval.rejections.ts';
import type { ApprovalsState } from './approval.state.ts';
import { evolveApprovals } from './evolve.ts';
import type { ApprovalFacts } from './facts.ts';
import {
  ada,
  alan,
  asAgent,
  asMember,
  at,
  audrey,
  barbara,
  clerk,
  command,
  deny,
  digest,
  factsFor,
  grace,
  olive,
  opened,
  questionId,
  refund,
  scribe,
  victor,
} from './approval.mother.ts';

const by = (actor: ApprovalFacts['by'], changes: Partial<ApprovalFacts> = {}) =>
  specFor<ApprovalsState, ApprovalCommand, ApprovalEvent, ApprovalRejection>({
    initialState: () => opened(),
    evolve: evolveApprovals,
    decide: (wish, state, now) => decideApproval(wish, state, factsFor(actor, changes), now),
    at: at('10:00'),
  }).given;
const byAda = () => by(asMember(ada));

const denied: ApprovalEvent = { type: 'ApprovalDenied', data: { approvalId: refund, by: ada, feedback: null } };
const deniedVote: ApprovalEvent = {
  type: 'ApprovalVoted',
  data: { approvalId: refund, by: ada, verdict: 'deny', digest: digest.value, reason: null, grant: null },
};

describe('talking about it', () => {
  const says = (text: string) => command({ type: 'CommentOnApproval', text });
  it('is open to those of its teams, who are involved too, and to owners and admins', () => {
    for (const who of [ada, olive, alan])
      by(asMember(who), { involved: new Set([who]) })()
        .when(says('why today?'))
        .then({ type: 'ApprovalCommented', data: { approvalId: refund, by: who, text: 'why today?' } });
  });

  it('is for nobody else', () => {
    for (const who of [barbara, audrey, victor])
      by(asMember(who))().when(says('why today?')).thenRejected({ code: 'approvals.not_a_decider' });
    by(asAgent(clerk))().when(says('please')).thenRejected({ code: 'approvals.people_only' });
  });

  const claim = command({ type: 'ClaimApproval' });
  const claimed: ApprovalEvent = { type: 'ApprovalClaimed', data: { approvalId: refund, by: grace } };
  it('lets one person claim it, and others release it', () => {
    by(asMember(grace))().when(claim).then(claimed);
    by(asMember(grace))(claimed).when(claim).thenNothing();
    byAda()(claimed).when(claim).thenRejected({ code: 'approvals.claimed', by: grace });
    const release = command({ type: 'UnclaimApproval' });
    byAda()(claimed)
      .when(release)
      .then({ type: 'ApprovalUnclaimed', data: { approvalId: refund, by: ada } });
    byAda()().when(release).thenNothing();
  });

  it('keeps nobody from deciding', () => byAda()(claimed).when(deny()).then(deniedVote, denied));
});

describe('a question to the agent', () => {
  const question = command({ type: 'AskAgent', questionId, text: 'which order?' });
  const wasAsked: ApprovalEvent = {
    type: 'QuestionAsked',
    data: { approvalId: refund, questionId, by: ada, text: 'which order?' },
  };
  const answer = (changes: object = {}) =>
    command({ type: 'AnswerQuestion', questionId, answerId: 'answer-1', text: 'order-1009', ...changes });
  const wasAnswered: ApprovalEvent = {
    type: 'QuestionAnswered',
    data: { approvalId: refund, questionId, agentId: clerk, answerId: 'answer-1', text: 'order-1009' },
  };

  it('is asked by somebody who may decide, and answered by that agent', () => {
    byAda()().when(question).then(wasAsked);
    byAda()(wasAsked).when(question).thenNothing();
    by(asAgent(clerk))(wasAsked).when(answer()).then(wasAnswered);
  });

  it('takes the same answer again, and no other', () => {
    by(asAgent(clerk))(wasAsked, wasAnswered).when(answer()).thenNothing();
    by(asAgent(clerk))(wasAsked, wasAnswered)
      .when(answer({ answerId: 'answer-2' }))
      .thenRejected({ code: 'approvals.already_answered' });
  });

  it('takes no answer of another agent or of a person', () => {
    by(asAgent(scribe))(wasAsked).when(answer()).thenRejected({ code: 'approvals.not_found' });
    byAda()(wasAsked).when(answer()).thenRejected({ code: 'approvals.agent_only' });
    by(asAgent(clerk))().when(answer()).thenRejected({ code: 'approvals.question_not_found' });
  });

  it('does not mind an answer that comes too late', () => {
    by(asAgent(clerk))(wasAsked, denied).when(answer()).thenNothing();
    by(asAgent(clerk))(wasAsked).when(answer(), at('11:00')).thenNothing();
  });

  it('is one of at most twenty', () => {
    const many = Array.from({ length: 20 }, (_, n): ApprovalEvent => {
      const each = questionId.replace(/..$/, String(n + 10)) as typeof questionId;
      return { type: 'QuestionAsked', data: { approvalId: refund, questionId: each, by: ada, text: 'which?' } };
    });
    byAda()(...many)
      .when(question)
      .thenRejected({ code: 'approvals.too_many_questions' });
    byAda()(...many.slice(1))
      .when(question)
      .then(wasAsked);
  });
});
