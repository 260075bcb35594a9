import type { z } from 'zod';
import { ConsistencyQuery, InclusionQuery, WaitQuery } from '../parameters.ts';
import { ofBodies, ofDecider, type DescribedProblem } from './problems.ts';
import { checkpointNote, vkey } from './examples.ts';
import type { AnswerSchema, RequestSchema } from './schemas.ts';

/** One call, as a reader of the document sees it. */
export interface Operation {
  readonly id: string;
  readonly route: `${'get' | 'post'} /${string}`;
  readonly tag: 'decisions' | 'outcomes' | 'transparency log' | 'identity';
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly body?: RequestSchema;
  /** What a 200 carries: JSON, or text such as the example. */
  readonly answer: { readonly json: AnswerSchema } | { readonly text: string };
  readonly problems: readonly DescribedProblem[];
}

const decisions: readonly Operation[] = [
  {
    id: 'decide',
    route: 'post /v1/decisions',
    tag: 'decisions',
    summary: 'Ask before acting',
    description:
      'Answers 200 whatever the verdict: branch on `next`. `requestId` makes asking twice asking once. An error is never a permission.',
    body: 'Action',
    answer: { json: 'Decision' },
    problems: [...ofBodies, ...ofDecider, 'key.user', 'request.reused', 'request.closed'],
  },
  {
    id: 'decideBatch',
    route: 'post /v1/decisions/batch',
    tag: 'decisions',
    summary: 'Ask for up to 500 actions at once',
    description: 'Answers in order; each action stands alone, and one that is refused is a problem in its place.',
    body: 'ActionBatch',
    answer: { json: 'DecisionBatch' },
    problems: ofBodies,
  },
  {
    id: 'readDecision',
    route: 'get /v1/decisions/{id}',
    tag: 'decisions',
    summary: 'Read a decision again, or wait until it changes',
    description:
      'With `wait` it answers as soon as people did something about the decision, a question included, at the latest after so many seconds. The action is shown as people approved it.',
    query: WaitQuery,
    answer: { json: 'DecisionDetail' },
    problems: ['request.invalid', 'decision.not_found'],
  },
  {
    id: 'cancelAsk',
    route: 'post /v1/decisions/{id}/cancel',
    tag: 'decisions',
    summary: 'Take an ask back',
    description: 'While it waits for people. The body may be left out. Taking back twice is taking back once.',
    body: 'Nothing',
    answer: { json: 'Cancelled' },
    problems: [...ofBodies, ...ofDecider, 'decision.not_found', 'ask.not_pending'],
  },
  {
    id: 'takePermit',
    route: 'post /v1/decisions/{id}/take',
    tag: 'decisions',
    summary: 'Take the permit of an approved ask, just before acting',
    description:
      "At most one take ever has it. The action is compared with what was approved, and stops, rates, budgets and today's policies are judged again: branch on `next`. Refused, the verdict is `block` and the permit stays, unless a policy of today blocks the action. The same `takeId` has the same answer.",
    body: 'Take',
    answer: { json: 'DecisionDetail' },
    problems: [
      ...ofBodies,
      ...ofDecider,
      'key.user',
      'decision.not_found',
      'take.reused',
      'permit.none',
      'permit.taken',
      'permit.lapsed',
      'permit.withdrawn',
    ],
  },
  {
    id: 'answerQuestion',
    route: 'post /v1/decisions/{id}/answers',
    tag: 'decisions',
    summary: 'Answer a question of an approver',
    description: 'Questions stand in `approval.questions`. The same answer twice is one; the first one stands.',
    body: 'Answer',
    answer: { json: 'DecisionDetail' },
    problems: [
      ...ofBodies,
      ...ofDecider,
      'decision.not_found',
      'ask.not_pending',
      'approvals.question_not_found',
      'approvals.already_answered',
    ],
  },
];

const outcomes: readonly Operation[] = [
  {
    id: 'reportOutcome',
    route: 'post /v1/decisions/{id}/outcome',
    tag: 'outcomes',
    summary: 'Report how an allowed action went',
    description:
      'Settles its hold at the cost, or at the held amount without one; `cancelled` gives the money back. The same report again has the same answer. The first report after the hold expired corrects what was presumed.',
    body: 'OutcomeReport',
    answer: { json: 'Outcome' },
    problems: [
      ...ofBodies,
      ...ofDecider,
      'decision.not_found',
      'outcome.not_allowed',
      'outcome.already_reported',
      'outcome.cancelled_with_cost',
    ],
  },
  {
    id: 'reportOutcomes',
    route: 'post /v1/outcomes/batch',
    tag: 'outcomes',
    summary: 'Report up to 500 outcomes at once',
    description: 'Answers in order; each report stands alone, and one that is refused is a problem in its place.',
    body: 'OutcomeBatch',
    answer: { json: 'OutcomeResults' },
    problems: ofBodies,
  },
  {
    id: 'extendHold',
    route: 'post /v1/decisions/{id}/extend',
    tag: 'outcomes',
    summary: 'Ask for more money or time for a running action',
    description: 'Decided like an action: look at `verdict`. `extensionId` makes asking twice asking once.',
    body: 'Extension',
    answer: { json: 'ExtensionAnswer' },
    problems: [...ofBodies, ...ofDecider, 'decision.not_found', 'extension.not_running'],
  },
];

const transparency: readonly Operation[] = [
  {
    id: 'readReceipt',
    route: 'get /v1/decisions/{id}/receipt',
    tag: 'transparency log',
    summary: 'The receipt of a decision, which can be verified without us',
    description: 'Waits for a checkpoint that covers the decision, at most 2 seconds.',
    answer: { json: 'Receipt' },
    problems: ['decision.not_found', 'receipt.not_signed_yet'],
  },
  {
    id: 'readCheckpoint',
    route: 'get /v1/checkpoint',
    tag: 'transparency log',
    summary: 'The latest checkpoint, as a C2SP tlog-checkpoint',
    answer: { text: checkpointNote },
    problems: ['checkpoint.none'],
  },
  {
    id: 'proveInclusion',
    route: 'get /v1/proofs/inclusion',
    tag: 'transparency log',
    summary: 'Proof that an event is in the tree',
    description: 'Without `size`: in the tree of the latest checkpoint.',
    query: InclusionQuery,
    answer: { json: 'InclusionProof' },
    problems: ['request.invalid', 'checkpoint.none', 'proof.out_of_range'],
  },
  {
    id: 'proveConsistency',
    route: 'get /v1/proofs/consistency',
    tag: 'transparency log',
    summary: 'Proof that a later tree begins with an earlier one',
    description: 'Without `to`: to the tree of the latest checkpoint.',
    query: ConsistencyQuery,
    answer: { json: 'ConsistencyProof' },
    problems: ['request.invalid', 'checkpoint.none', 'proof.out_of_range'],
  },
  {
    id: 'readKeys',
    route: 'get /.well-known/countersign/keys',
    tag: 'transparency log',
    summary: 'The keys of the log, oldest first, one a line',
    answer: { text: `${vkey}\n` },
    problems: [],
  },
];

const identity: readonly Operation[] = [
  {
    id: 'readIdentity',
    route: 'get /v1/me',
    tag: 'identity',
    summary: 'Who the agent is, which policies judge it, and what its budgets have left',
    answer: { json: 'Identity' },
    problems: [],
  },
];

export const operations: readonly Operation[] = [...decisions, ...outcomes, ...transparency, ...identity];
