import { instant, type Instant } from '@countersign/kernel';
import type { Approval, ApprovalStatus } from './approval.state.ts';
import type { ApprovalEvent, ApprovalEventOf } from './approval.events.ts';
import { escalated } from './evolve.ts';
import { runningMsBetween, whenHasRun, type StoppedTime } from './stop-clock.ts';

/** The instant at which a pending approval ran out of time, or null while it has some. */
export const expiredAt = (
  { openedAt, expiresAt }: Approval,
  stops: readonly StoppedTime[],
  now: Instant,
): Instant | null => whenHasRun(stops, { since: openedAt, ms: expiresAt - openedAt, now });

/**
 * What an approval is at an instant, whether or not anybody has recorded it: expiry is judged by the batch's time, never
 * by whether a sweep came.
 */
export function statusAt(approval: Approval, stops: readonly StoppedTime[], now: Instant): ApprovalStatus {
  const { status, permit } = approval;
  if (status === 'pending' && expiredAt(approval, stops, now) !== null) return 'expired';
  return status === 'approved' && permit !== null && now >= permit.expiresAt ? 'lapsed' : status;
}

/**
 * What has become due and was not recorded yet, to be appended before anything else happens to the approval: its
 * escalations and the latest reminder; or its expiry, beside which no reminder is of use; or the lapse of its permit.
 * Recording it makes it no longer due.
 */
export function dueOf(approval: Approval, stops: readonly StoppedTime[], now: Instant): readonly ApprovalEvent[] {
  const { approvalId, status, permit } = approval;
  if (status === 'approved' && permit !== null && now >= permit.expiresAt)
    return [{ type: 'PermitLapsed', data: { approvalId, why: 'time', lapsedAt: permit.expiresAt } }];
  if (status !== 'pending') return [];

  const over = expiredAt(approval, stops, now);
  if (over !== null) return [{ type: 'ApprovalExpired', data: { approvalId, expiredAt: over } }];
  const ranMs = runningMsBetween(stops, approval.openedAt, now);
  return [...escalationsDue(approval, ranMs), ...reminderDue(approval, ranMs)];
}

/** A pending approval as it is at an instant: teams it has come to may decide it, whether or not that was recorded. */
export function escalatedAt(approval: Approval, stops: readonly StoppedTime[], now: Instant): Approval {
  if (approval.status !== 'pending') return approval;
  const due = escalationsDue(approval, runningMsBetween(stops, approval.openedAt, now));
  return due.reduce((come, { data }) => escalated(come, data), approval);
}

type Escalation = { readonly type: 'ApprovalEscalated'; readonly data: ApprovalEventOf<'ApprovalEscalated'> };

function escalationsDue({ approvalId, requirements, openedAt }: Approval, ranMs: number): readonly Escalation[] {
  return requirements.flatMap(({ team, escalate }): readonly Escalation[] =>
    escalate !== null && ranMs >= escalate.at - openedAt
      ? [{ type: 'ApprovalEscalated', data: { approvalId, team, to: escalate.team } }]
      : [],
  );
}

const SHARES = [90, 50] as const;

/** Only the latest: whoever was away does not need both. */
function reminderDue(approval: Approval, ranMs: number): readonly ApprovalEvent[] {
  const { approvalId, reminded } = approval;
  const share = SHARES.find((each) => ranMs >= afterShare(approval, each));
  return share === undefined || share <= reminded ? [] : [{ type: 'ApprovalReminded', data: { approvalId, share } }];
}

const afterShare = ({ openedAt, expiresAt }: Approval, share: number) => ((expiresAt - openedAt) * share) / 100;

/**
 * The earliest instant at which something can become due, or null when nothing will. It is as if no stop had been: a
 * sweep finds rows by it and asks `dueOf`, which may answer that a stop has moved it.
 */
export function nextDueAt(approval: Approval): Instant | null {
  const { status, permit, requirements, openedAt, expiresAt, reminded } = approval;
  if (status === 'approved') return permit?.expiresAt ?? null;
  if (status !== 'pending') return null;
  const reminders = SHARES.filter((share) => share > reminded).map((share) => openedAt + afterShare(approval, share));
  const escalations = requirements.flatMap(({ escalate }) => escalate?.at ?? []);
  return instant(Math.ceil(Math.min(expiresAt, ...reminders, ...escalations)));
}
