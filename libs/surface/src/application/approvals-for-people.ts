import type { Approval, ApprovalStatus } from '@countersign/approvals';
import { Configurations, type ActionDecided } from '@countersign/decisions';
import { toIso, type ApprovalId, type OrganizationId } from '@countersign/kernel';
import { Injectable } from '@nestjs/common';
import { MoneyRows } from '../adapters/money-rows.ts';
import {
  ApprovalHistories,
  argsOf,
  commentsOf,
  feedbackOf,
  isEdited,
  questionsOf,
  votesOf,
  type ApprovalHistory,
} from './approval-history.ts';
import { ApprovalList, type ApprovalOrder, type Look, type SeenApproval } from './approval-list.ts';
import { nameOfPoint } from './point-name.ts';

/** An approval in a list. People go by their member ids. */
export interface ApprovalForPeople {
  readonly id: string;
  readonly state: ApprovalStatus;
  readonly agent: { readonly id: string; readonly name: string };
  readonly intent: string;
  readonly target: string;
  readonly openedAt: string;
  readonly deadline: string;
  /** Who has to approve: all of these. */
  readonly requirements: readonly { readonly teams: readonly string[]; readonly quorum: number }[];
  /** Who approves so far. */
  readonly approvedBy: readonly string[];
  readonly claimedBy: string | null;
  readonly settledBy: string | null;
  readonly decisionIds: readonly string[];
}

/** An approval with everything that was said and done about it. */
export interface WholeApproval extends ApprovalForPeople {
  /** Null once it was erased. */
  readonly action: (Omit<ActionDecided['action'], 'args'> & { readonly args: unknown }) | null;
  readonly isEdited: boolean;
  readonly reasons: readonly { readonly message: string }[];
  readonly votes: readonly {
    readonly by: string;
    readonly verdict: string;
    readonly reason: string | null;
    readonly at: string;
    readonly isStanding: boolean;
  }[];
  readonly comments: readonly { readonly by: string; readonly text: string }[];
  readonly questions: readonly { readonly by: string; readonly text: string; readonly answer: string | null }[];
  readonly feedback: string | null;
  readonly permitExpiresAt: string | null;
}

/** Approvals for who sees all of them: to look at, for an operator never decides. */
@Injectable()
export class ApprovalsForPeople {
  constructor(
    private readonly configurations: Configurations,
    private readonly money: MoneyRows,
    private readonly list: ApprovalList,
    private readonly histories: ApprovalHistories,
  ) {}

  async first(
    organizationId: OrganizationId,
    { state: status, order, limit }: { state?: ApprovalStatus | undefined; order: ApprovalOrder; limit: number },
  ): Promise<readonly ApprovalForPeople[]> {
    const look = await this.#look(organizationId);
    const narrow = async (seen: readonly SeenApproval[]) => seen;
    const page = await this.list.page(look, { order, status, first: limit, after: null, narrow });
    return page.seen.map((seen) => listed(seen, look));
  }

  /** Null for an approval that this organization does not have. */
  async one(organizationId: OrganizationId, approvalId: ApprovalId): Promise<WholeApproval | null> {
    const look = await this.#look(organizationId);
    const seen = await this.list.find(look, approvalId);
    if (!seen) return null;
    const histories = await this.histories.of(organizationId, [seen.approval]);
    return whole(seen, look, histories.get(approvalId) ?? { asked: null, events: [] });
  }

  async #look(organizationId: OrganizationId): Promise<Look> {
    const [{ state }, now] = await Promise.all([this.configurations.read(organizationId), this.money.now()]);
    return { organizationId, state, now };
  }
}

function listed({ approval, status, deadline }: SeenApproval, { state }: Look): ApprovalForPeople {
  const { approvalId, agentId, intent, target, openedAt, requirements, votes, decisions } = approval;
  const { claimedBy, settledBy } = approval;
  return {
    id: approvalId,
    state: status,
    agent: { id: agentId, name: nameOfPoint('agent', agentId, state) },
    ...{ intent, target, openedAt: toIso(openedAt), deadline: toIso(deadline) },
    requirements: requirements.map(({ teams, quorum }) => ({ teams, quorum })),
    approvedBy: votes.map(({ by }) => by),
    ...{ claimedBy, settledBy, decisionIds: decisions },
  };
}

function whole(seen: SeenApproval, look: Look, history: ApprovalHistory): WholeApproval {
  const { asked } = history;
  return {
    ...listed(seen, look),
    action: asked && { ...asked.decided.action, args: argsOf(history) },
    isEdited: isEdited(history),
    reasons: asked?.decided.reasons ?? [],
    votes: votesOf(seen.approval, history).map(({ by, verdict, reason, at, isStanding }) => ({
      ...{ by, verdict, reason, at: toIso(at), isStanding },
    })),
    comments: commentsOf(history).map(({ by, text }) => ({ by, text })),
    questions: questionsOf(history).map(({ by, text, answer }) => ({ by, text, answer })),
    feedback: feedbackOf(history),
    permitExpiresAt: permitEnd(seen.approval),
  };
}

const permitEnd = ({ permit }: Approval) => permit && toIso(permit.expiresAt);
