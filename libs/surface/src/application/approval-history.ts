import { approvalStream, type Approval, type ApprovalEvent, type GrantTerms } from '@countersign/approvals';
import { approvalWordsOf, decisionStream } from '@countersign/decisions';
import type { ApprovalId, Instant, MemberId, OrganizationId } from '@countersign/kernel';
import type { RecordedEvent } from '@countersign/ledger';
import { Injectable } from '@nestjs/common';
import { StreamRows } from '../adapters/stream-rows.ts';
import { readDecided, type PlacedDecision } from './decision-for-people.ts';

/** What the ledger tells of one approval. */
export interface ApprovalHistory {
  /** The ask that it answers; null once that was erased. */
  readonly asked: PlacedDecision | null;
  /** What happened to it since, in order; of some the content may be erased. */
  readonly events: readonly RecordedEvent[];
}

/** Somebody's answer. */
export interface VoteForPeople {
  readonly by: MemberId;
  readonly verdict: 'approve' | 'deny';
  readonly reason: string | null;
  readonly grant: GrantTerms | null;
  readonly at: Instant;
  /** How they had signed in: `session` or `personal-token`. */
  readonly method: string;
  /** Whether it counts: taken back, changed, or given to the action before an edit, it does not. */
  readonly isStanding: boolean;
}

export interface CommentForPeople {
  readonly by: MemberId;
  readonly at: Instant;
  readonly text: string;
}

export interface QuestionForPeople {
  readonly id: string;
  readonly by: MemberId;
  readonly at: Instant;
  readonly text: string;
  readonly answer: string | null;
  readonly answeredAt: Instant | null;
}

/** Whole stories of approvals, as the ledger holds them. */
@Injectable()
export class ApprovalHistories {
  constructor(private readonly streams: StreamRows) {}

  async of(
    organizationId: OrganizationId,
    approvals: readonly Approval[],
  ): Promise<ReadonlyMap<ApprovalId, ApprovalHistory>> {
    const wanted = approvals.flatMap((approval) => [askOf(approval), approvalStream(approval.approvalId)]);
    const found = await this.streams.of(organizationId, wanted);
    return new Map(
      approvals.map((approval) => [
        approval.approvalId,
        {
          asked: openingOf(found.get(askOf(approval)) ?? []),
          events: found.get(approvalStream(approval.approvalId)) ?? [],
        },
      ]),
    );
  }
}

const askOf = ({ decisions: [first] }: Approval) => (first === undefined ? '' : decisionStream(first));

function openingOf([first]: readonly RecordedEvent[]): PlacedDecision | null {
  if (!first?.content) return null;
  return { position: first.position, at: first.recordedAt, decided: readDecided(first.content.payload) };
}

/** One thing that happened, with what is left of what was said. */
interface Told {
  readonly event: ApprovalEvent;
  readonly at: Instant;
  readonly method: string;
}

const told = (events: readonly RecordedEvent[]): readonly Told[] =>
  events.flatMap(({ type, content, recordedAt, actor }) =>
    content
      ? [{ event: { type, data: JSON.parse(content.payload) } as ApprovalEvent, at: recordedAt, method: actor.method }]
      : [],
  );

/** Every answer that was given, in order; of each person the last counts, if any does. */
export function votesOf({ votes, status, settledBy }: Approval, { events }: ApprovalHistory): readonly VoteForPeople[] {
  const all = told(events).flatMap(({ event, at, method }) =>
    event.type === 'ApprovalVoted' ? [{ ...event.data, at, method }] : [],
  );
  const standing = new Set(votes.map((vote) => vote.by));
  if (status === 'denied' && settledBy) standing.add(settledBy);
  return all.map(({ by, verdict, reason, grant, at, method }, index) => {
    const isLast = !all.slice(index + 1).some((later) => later.by === by);
    return { by, verdict, reason, grant, at, method, isStanding: isLast && standing.has(by) };
  });
}

export const commentsOf = ({ events }: ApprovalHistory): readonly CommentForPeople[] =>
  told(events).flatMap(({ event, at }) =>
    event.type === 'ApprovalCommented' ? [{ by: event.data.by, at, text: event.data.text }] : [],
  );

export function questionsOf({ events }: ApprovalHistory): readonly QuestionForPeople[] {
  const all = told(events);
  return all.flatMap(({ event, at }) => {
    if (event.type !== 'QuestionAsked') return [];
    const { questionId: id, by, text } = event.data;
    const answer = all.find((each) => each.event.type === 'QuestionAnswered' && each.event.data.questionId === id);
    const words = answer?.event.type === 'QuestionAnswered' ? answer.event.data.text : null;
    return [{ id, by, at, text, answer: words, answeredAt: answer?.at ?? null }];
  });
}

/** The arguments that people decide on: as they last changed them, else as they were asked. Null where nothing is recorded. */
export function argsOf({ asked, events }: ApprovalHistory): Readonly<Record<string, unknown>> | null {
  const { editedArgs } = approvalWordsOf(told(events).map(({ event }) => event));
  return editedArgs ?? asked?.decided.action.args ?? null;
}

export const feedbackOf = ({ events }: ApprovalHistory): string | null =>
  approvalWordsOf(told(events).map(({ event }) => event)).feedback;

export const isEdited = ({ events }: ApprovalHistory): boolean => events.some(({ type }) => type === 'ApprovalEdited');
