import {
  effectiveDeadline,
  statusAt,
  type Approval,
  type ApprovalEvent,
  type ApprovalStatus,
} from '@countersign/approvals';
import type { Instant } from '@countersign/kernel';
import type { StoppedTime } from '@countersign/stops';

/** What an approver asked the agent. Words that were erased are null. */
export interface QuestionToAgent {
  readonly id: string;
  readonly text: string | null;
  readonly answer: string | null;
}

/** What people and agents wrote in the stream of one approval, as far as its agent reads it. */
export interface ApprovalWords {
  readonly questions: readonly Pick<QuestionToAgent, 'id' | 'text' | 'answer'>[];
  /** Said with the denial. */
  readonly feedback: string | null;
  /** The arguments as people last changed them; null when they did not. */
  readonly editedArgs: Readonly<Record<string, unknown>> | null;
}

const nothingSaid: ApprovalWords = { questions: [], feedback: null, editedArgs: null };

/** The events of the stream `approval-<id>` that are left, in order. */
export const approvalWordsOf = (events: readonly ApprovalEvent[]): ApprovalWords =>
  events.reduce(afterWords, nothingSaid);

function afterWords(words: ApprovalWords, { type, data }: ApprovalEvent): ApprovalWords {
  switch (type) {
    case 'QuestionAsked':
      return { ...words, questions: [...words.questions, { id: data.questionId, text: data.text, answer: null }] };
    case 'QuestionAnswered': {
      const { questionId, text: answer } = data;
      return {
        ...words,
        questions: words.questions.map((each) => (each.id === questionId ? { ...each, answer } : each)),
      };
    }
    case 'ApprovalDenied':
      return { ...words, feedback: data.feedback };
    case 'ApprovalEdited':
      return { ...words, editedArgs: data.args ?? null };
    default:
      return words;
  }
}

/** What became of the approval of an ask, as of an instant: expiries are told whether or not anybody recorded them. */
export interface ApprovalStanding extends ApprovalWords {
  readonly status: ApprovalStatus;
  /** Time under stops added. */
  readonly expiresAt: Instant;
  readonly permitExpiresAt: Instant | null;
  /** Of the action that people decide on: as asked, or as they changed it. */
  readonly digest: string;
}

export function approvalStandingOf(
  approval: Approval,
  words: ApprovalWords,
  stops: readonly StoppedTime[],
  now: Instant,
): ApprovalStanding {
  return {
    ...words,
    questions: approval.questions.map(({ questionId }) => questionOf(words, questionId)),
    status: statusAt(approval, stops, now),
    expiresAt: effectiveDeadline(stops, approval, now),
    permitExpiresAt: approval.permit?.expiresAt ?? null,
    digest: approval.digest.value,
  };
}

const questionOf = ({ questions }: ApprovalWords, id: string): QuestionToAgent =>
  questions.find((each) => each.id === id) ?? { id, text: null, answer: null };
