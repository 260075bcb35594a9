import type { CommandRejection } from '@countersign/decisions';
import type { Caller } from '@countersign/identity';
import { callerOf } from '@countersign/identity/people';
import type { ApprovalId, MemberId, OrganizationId } from '@countersign/kernel';
import {
  ApprovalCommands,
  ApprovalList,
  LikeApprovals,
  problemOfRejection,
  WireApprovalCommand,
  type CommandAnswer,
} from '@countersign/surface';
import { Injectable } from '@nestjs/common';
import {
  AlreadySettled,
  ApprovalDone,
  ApprovalsDecided,
  type ApprovalAnswer,
} from '../resolvers/approval-commands.types.ts';
import { approvalNode } from '../resolvers/approval-nodes.ts';
import { CommandDone } from '../resolvers/commands.types.ts';
import { personNode } from '../resolvers/nodes.ts';
import { seesApproval } from '../rights/sight.ts';
import { refusal, type Refusal } from '../schema/refusal.ts';
import { doneOf } from './graph-commands.ts';
import type { GraphContext } from './graph-context.ts';
import { Views, type View } from './views.ts';

type AboutApproval = Exclude<WireApprovalCommand, { type: 'RevokeGrant' }>;
type Decide = Extract<WireApprovalCommand, { type: 'DecideApproval' }>;

/** Carries out what members do about approvals and grants, judged under the lock as what they are by then. */
@Injectable()
export class GraphApprovals {
  constructor(
    private readonly commands: ApprovalCommands,
    private readonly list: ApprovalList,
    private readonly like: LikeApprovals,
    private readonly views: Views,
  ) {}

  async run(organizationId: OrganizationId, wire: AboutApproval, context: GraphContext): Promise<ApprovalAnswer> {
    const caller = await this.#callerIn(organizationId, context);
    return caller ? this.#run(organizationId, wire, { caller, context }) : formerMember();
  }

  /** One answer to several that ask the same. Each is judged alone: of some of them others may have been first. */
  async decideAll(
    organizationId: OrganizationId,
    answers: readonly Decide[],
    context: GraphContext,
  ): Promise<ApprovalsDecided | Refusal> {
    const caller = await this.#callerIn(organizationId, context);
    if (!caller) return formerMember();
    const ids = answers.map(({ approvalId }) => approvalId);
    // Whether two are alike says something of both, so it is told of what they may see.
    if (!(await this.#seesAll(await this.views.of(organizationId, context), ids)))
      return refusalOf({ code: 'approvals.not_found' });
    if (!(await this.like.areAlike({ organizationId }, ids))) return refusalOf({ code: 'approvals.not_alike' });
    const results = [];
    // One after the other: they wait for the same lock anyway.
    for (const answer of answers)
      results.push({
        approvalId: answer.approvalId,
        outcome: await this.#run(organizationId, answer, { caller, context }),
      });
    return Object.assign(new ApprovalsDecided(), { results });
  }

  async revokeGrant(
    organizationId: OrganizationId,
    wire: Extract<WireApprovalCommand, { type: 'RevokeGrant' }>,
    context: GraphContext,
  ): Promise<CommandDone | Refusal> {
    const caller = await this.#callerIn(organizationId, context);
    if (!caller) return formerMember();
    const result = await this.commands.run(organizationId, caller, wire);
    return result.outcome === 'rejected' ? refusalOf(result.rejection) : doneOf(result.events[0] as CommandAnswer);
  }

  /** Null for whoever was a member when the request came in, and is none any more. */
  async #callerIn(organizationId: OrganizationId, context: GraphContext): Promise<Caller | null> {
    const { state } = await this.views.of(organizationId, context);
    return context.signedIn && callerOf(context.signedIn, state);
  }

  async #seesAll(view: View, ids: readonly ApprovalId[]): Promise<boolean> {
    const seen = await Promise.all([...new Set(ids)].map((id) => this.list.find(view, id)));
    return seen.every((each) => each !== null && seesApproval(view, each.approval));
  }

  async #run(
    organizationId: OrganizationId,
    wire: AboutApproval,
    { caller, context }: { readonly caller: Caller; readonly context: GraphContext },
  ): Promise<ApprovalAnswer> {
    const result = await this.commands.run(organizationId, caller, wire);
    const view = await this.views.of(organizationId, context);
    if (result.outcome === 'rejected') return refusedIn(view, result.rejection);
    return this.#done(view, wire.approvalId, result.events[0] as CommandAnswer);
  }

  async #done(view: View, approvalId: ApprovalId, { position, events }: CommandAnswer): Promise<ApprovalDone> {
    const seen = await this.list.find(view, approvalId);
    if (!seen) throw new Error('an approval that was commanded is not there');
    return Object.assign(new ApprovalDone(), {
      position,
      approval: approvalNode(view, seen),
      grantId: madeBy(events, 'GrantGiven', 'grantId'),
      questionId: madeBy(events, 'QuestionAsked', 'questionId'),
    });
  }
}

function madeBy(events: CommandAnswer['events'], type: string, field: string): string | null {
  const made = events.find((event) => event.type === type);
  return made ? ((made.data as Readonly<Record<string, string>>)[field] ?? null) : null;
}

function refusedIn(view: View, rejection: CommandRejection): ApprovalAnswer {
  if (rejection.code !== 'approvals.already_settled') return refusalOf(rejection);
  const { code, as: state, by } = rejection;
  const { detail: message } = problemOfRejection(rejection);
  const settledBy = personNode(view, by as MemberId | null);
  return Object.assign(new AlreadySettled(), { code, message, state, settledBy });
}

function refusalOf(rejection: CommandRejection): Refusal {
  const { code, detail } = problemOfRejection(rejection);
  return refusal(code, detail);
}

const formerMember = () => refusalOf({ code: 'identity.forbidden', right: 'teams:read' });
