import {
  effectiveDeadline,
  escalatedAt,
  statusAt,
  type Approval,
  type ApprovalStatus,
  type StoppedTime,
} from '@countersign/approvals';
import type { EnforcementState } from '@countersign/decisions';
import {
  instant,
  TrackedMap,
  type AgentId,
  type ApprovalId,
  type Instant,
  type OrganizationId,
} from '@countersign/kernel';
import { timesStopped, type StopsState } from '@countersign/stops';
import { Injectable } from '@nestjs/common';
import { ApprovalRows } from '../adapters/approval-rows.ts';

/** What a look at approvals is made under. */
export interface Look {
  readonly organizationId: OrganizationId;
  readonly state: EnforcementState;
  readonly now: Instant;
}

/** An approval as one look found it: what its row says, and what time has made of that. */
export interface SeenApproval {
  readonly approval: Approval;
  readonly status: ApprovalStatus;
  /** Until when people may decide. Of what waits, with the time that stops covered. */
  readonly deadline: Instant;
  readonly stops: readonly StoppedTime[];
}

/** `newest` shows all, the latest first; `deadline` what waits, the one first whose time ends first. */
export type ApprovalOrder = 'newest' | 'deadline';

export interface ApprovalPageWish {
  readonly order: ApprovalOrder;
  readonly agentId?: AgentId | undefined;
  readonly status?: ApprovalStatus | undefined;
  readonly first: number;
  /** A place that an earlier page named; null for the beginning. */
  readonly after: string | null;
  /** Which of these the caller is shown. */
  readonly narrow: (seen: readonly SeenApproval[]) => Promise<readonly SeenApproval[]>;
}

export interface ApprovalPage {
  readonly seen: readonly SeenApproval[];
  readonly hasNext: boolean;
  /** Where the next page begins; null while nothing was looked at. */
  readonly end: string | null;
}

/** One query reads so many rows, and one page so many in all: what is rare answers early, and says where it got to. */
const STEP = 200;
const SCANNED_MAX = 2_000;

/** What a status may have been recorded as, when nobody has recorded yet that its time is over. */
const recordedAs: Readonly<Record<ApprovalStatus, readonly ApprovalStatus[]>> = {
  pending: ['pending'],
  approved: ['approved'],
  denied: ['denied'],
  expired: ['expired', 'pending'],
  cancelled: ['cancelled'],
  taken: ['taken'],
  withdrawn: ['withdrawn'],
  lapsed: ['lapsed', 'approved'],
};

/** Approvals for those who look at them. */
@Injectable()
export class ApprovalList {
  constructor(private readonly rows: ApprovalRows) {}

  /** Null for an approval that this organization does not have. */
  async find(look: Look, approvalId: ApprovalId): Promise<SeenApproval | null> {
    const [seen] = await this.#seen(look, await this.rows.withIds(look.organizationId, [approvalId]));
    return seen ?? null;
  }

  async page(look: Look, wish: ApprovalPageWish): Promise<ApprovalPage> {
    const found: SeenApproval[] = [];
    let place = wish.after;
    for (let scanned = 0; scanned < SCANNED_MAX; scanned += STEP) {
      const rows = await this.#read(look, wish, place);
      found.push(...(await this.#shown(look, wish, rows)));
      if (found.length > wish.first) return cut(found, wish);
      const last = rows.at(-1);
      place = last ? placeOf(wish.order, last) : place;
      if (rows.length < STEP) return { seen: found, hasNext: false, end: place };
    }
    return { seen: found, hasNext: true, end: place };
  }

  #read({ organizationId }: Look, wish: ApprovalPageWish, place: string | null): Promise<readonly Approval[]> {
    const { order, agentId, status } = wish;
    if (order === 'deadline')
      return this.rows.waiting(organizationId, { agentId }, { behind: behind(place), limit: STEP });
    const statuses = status && recordedAs[status];
    return this.rows.newest(organizationId, { agentId, statuses }, { before: place, limit: STEP });
  }

  async #shown(
    look: Look,
    { order, status, narrow }: ApprovalPageWish,
    rows: readonly Approval[],
  ): Promise<readonly SeenApproval[]> {
    const wanted = order === 'deadline' ? 'pending' : status;
    const seen = await this.#seen(look, rows);
    return narrow(seen.filter((each) => wanted === undefined || each.status === wanted));
  }

  async #seen(look: Look, approvals: readonly Approval[]): Promise<readonly SeenApproval[]> {
    const { organizationId, state, now } = look;
    const opened = approvals.filter(isOpen).map(({ openedAt }) => openedAt);
    // Of what is settled no time runs any more.
    const lifted = opened.length === 0 ? [] : await this.rows.liftedSince(organizationId, instant(Math.min(...opened)));
    const liftedStops: StopsState['liftedStops'] = new TrackedMap();
    for (const stop of lifted) liftedStops.load(stop.stopId, stop);
    return approvals.map((approval) => seenAt(approval, { stops: state.stops, liftedStops }, now));
  }
}

const isOpen = ({ status }: Approval) => status === 'pending' || status === 'approved';

function seenAt(approval: Approval, stopsState: StopsState, now: Instant): SeenApproval {
  if (!isOpen(approval)) return { approval, status: approval.status, deadline: approval.expiresAt, stops: [] };
  const stops = timesStopped(stopsState, approval, approval.openedAt);
  return {
    approval: escalatedAt(approval, stops, now),
    stops,
    status: statusAt(approval, stops, now),
    deadline: effectiveDeadline(stops, approval, now),
  };
}

/** Where an approval stands in an order: what a cursor says. */
export const placeOf = (order: ApprovalOrder, { approvalId, expiresAt }: Approval): string =>
  order === 'newest' ? approvalId : `${expiresAt}/${approvalId}`;

/** Whether a text is a place in an order, so that no other reaches the database. */
export const isPlace = (order: ApprovalOrder, text: string): boolean =>
  (order === 'newest' ? /^apr_[0-9a-f]{32}$/ : /^\d{1,15}\/apr_[0-9a-f]{32}$/).test(text);

function behind(place: string | null): readonly [number, string] {
  const [expiresAt = '0', approvalId = ''] = (place ?? '0/').split('/');
  return [Number(expiresAt), approvalId];
}

function cut(found: readonly SeenApproval[], { first, order }: ApprovalPageWish): ApprovalPage {
  const seen = found.slice(0, first);
  const last = seen.at(-1);
  return { seen, hasNext: true, end: last ? placeOf(order, last.approval) : null };
}
