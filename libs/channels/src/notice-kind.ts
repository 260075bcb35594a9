import { z } from 'zod';

/** Everything that people or programs can be told of. Names are permanent: endpoints and choices carry them. */
export const noticeKinds = {
  'approval.opened': 'An action waits for your decision.',
  'approval.reminder': 'Half, or nine tenths, of the time to decide is over.',
  'approval.escalated': 'An approval that its team left waiting came to your team.',
  'approval.settled': 'An approval of your team was decided, ran out of time, or was taken back.',
  'approval.denied': 'People denied what your agent asked.',
  'approval.expired': 'Nobody decided in time what your agent asked.',
  'permit.lapsing': 'Your agent has not taken what was approved, and can soon no longer.',
  'publication.proposed': 'A change of policies is not in force until you, or another, confirm it.',
  'stop.placed': 'Somebody stopped you, your team, an agent, or everything.',
  'budget.warning': 'A budget reached a share of its cap at which its policy warns.',
  'budget.unreported': 'More than a fifth of a cap was held and never reported, so it is only presumed spent.',
  'checkpoint.daily': "The day's signed checkpoint of the ledger: keep it, and nobody can change what it covers.",
  'endpoint.disabled': 'A webhook endpoint is no longer tried, because it failed for too long.',
} as const;

export type NoticeKind = keyof typeof noticeKinds;

export const NOTICE_KINDS = Object.keys(noticeKinds) as readonly NoticeKind[];

export const NoticeKind = z.enum(NOTICE_KINDS as readonly [NoticeKind, ...NoticeKind[]]);

/** Mailed only to who asked for it: a checkpoint is of use to somebody who keeps them. */
export const UNASKED: ReadonlySet<NoticeKind> = new Set(['checkpoint.daily']);
