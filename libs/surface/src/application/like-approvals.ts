import {
  differencesBetween,
  likenessOf,
  type Approval,
  type ApprovalStatus,
  type Difference,
} from '@countersign/approvals';
import type { JsonValue } from '@countersign/json';
import type { ApprovalId } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { ApprovalRows } from '../adapters/approval-rows.ts';
import { ApprovalHistories, argsOf, type ApprovalHistory } from './approval-history.ts';
import type { Look } from './approval-list.ts';

/** The last that people approved of what one agent asks like this, and what is different now. */
export interface LastLike {
  readonly approval: Approval;
  readonly differences: readonly Difference[];
}

const APPROVED: readonly ApprovalStatus[] = ['approved', 'taken', 'lapsed', 'withdrawn'];

/** So far back an agent's approvals are looked through for one of the same intent. */
const LOOKED_BACK = 200;

/** So many that wait are compared at most: more at once nobody answers. */
const WAITING_MAX = 1_000;
const ALIKE_MAX = 100;

/** Approvals that are like others. */
@Injectable()
export class LikeApprovals {
  constructor(
    private readonly rows: ApprovalRows,
    private readonly histories: ApprovalHistories,
  ) {}

  /** Null where none was approved, or nothing is left to compare. */
  async last({ organizationId }: Look, approval: Approval, history: ApprovalHistory): Promise<LastLike | null> {
    const { agentId, approvalId, intent } = approval;
    const page = { before: approvalId, limit: LOOKED_BACK };
    const before = await this.rows.newest(organizationId, { agentId, statuses: APPROVED }, page);
    const like = before.find((each) => each.intent.toLowerCase() === intent.toLowerCase());
    if (!like) return null;
    const known = (await this.histories.of(organizationId, [like])).get(like.approvalId);
    if (!known?.asked || !history.asked) return null;
    return { approval: like, differences: differencesBetween(comparable(known), comparable(history)) };
  }

  /** What waits and asks exactly the same of the same teams, so that one answer can be given to all; itself included. */
  async alike({ organizationId }: Look, approval: Approval, history: ApprovalHistory): Promise<readonly Approval[]> {
    const likeness = likenessIn(approval, history);
    if (likeness === null) return [];
    const page = { behind: [0, ''] as const, limit: WAITING_MAX };
    const waiting = await this.rows.waiting(organizationId, {}, page);
    const candidates = waiting.filter(({ target }) => target === approval.target).slice(0, ALIKE_MAX);
    const histories = await this.histories.of(organizationId, candidates);
    return candidates.filter((each) => {
      const known = histories.get(each.approvalId);
      return known !== undefined && likenessIn(each, known) === likeness;
    });
  }

  /** Whether all of these ask the same. What is not there is like nothing. */
  async areAlike({ organizationId }: Pick<Look, 'organizationId'>, ids: readonly ApprovalId[]): Promise<boolean> {
    const approvals = await this.rows.withIds(organizationId, ids);
    const histories = await this.histories.of(organizationId, approvals);
    const likenesses = approvals.map((each) => {
      const known = histories.get(each.approvalId);
      return known ? likenessIn(each, known) : null;
    });
    return approvals.length === new Set(ids).size && !likenesses.includes(null) && new Set(likenesses).size === 1;
  }
}

function likenessIn({ intent, target, requirements }: Approval, history: ApprovalHistory): string | null {
  const args = argsOf(history);
  const teams = requirements.map(({ team }) => team);
  const hidden = history.asked?.decided.redacted ?? [];
  // An action without arguments is like another one; one whose arguments are gone is like none.
  const isGone = history.asked === null;
  return isGone ? null : likenessOf({ intent, target, args: args ?? {}, teams }, hidden);
}

/** What makes an action what it is, but for which run it is part of. */
function comparable(history: ApprovalHistory): JsonValue {
  const { target = '', cost, user, context } = history.asked?.decided.action ?? {};
  const known = { target, args: argsOf(history) ?? undefined, cost, user, onBehalfOf: context?.onBehalfOf };
  return JSON.parse(JSON.stringify(known)) as JsonValue;
}
