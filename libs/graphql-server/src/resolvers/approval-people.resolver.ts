import { showHiddenIn, showHiddenInText, type JsonValue } from '@countersign/json';
import { commentsOf, feedbackOf, outlookOf, questionsOf, votesOf, type ApprovalHistory } from '@countersign/surface';
import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ApprovalLoaders } from '../request/approval-loaders.ts';
import type { GraphContext } from '../request/graph-context.ts';
import { Asks } from '../rights/asks.ts';
import { requirementNode } from './approval-nodes.ts';
import { CommentType, OutlookType, QuestionType, RequirementType, VoteType } from './approval-parts.types.ts';
import { ApprovalType } from './approval.types.ts';
import { DecisionEventType } from './decision.types.ts';
import { mayDecideNow } from './may-decide.ts';
import { personNode } from './nodes.ts';

const words = { right: 'args:read', narrows: 'null or empty for who may not read what the action carried' } as const;

/** Who decides an approval, and what they said. */
@Resolver(() => ApprovalType)
export class ApprovalPeopleResolver {
  constructor(private readonly loaders: ApprovalLoaders) {}

  @ResolveField(() => [RequirementType], { description: 'All of them must be met.' })
  async requirements(
    @Parent() approval: ApprovalType,
    @Context() context: GraphContext,
  ): Promise<readonly RequirementType[]> {
    const { view, seen } = approval;
    const deciding = await this.loaders.deciding(approval, context);
    return seen.approval.requirements.map((needed) => requirementNode(view, seen, needed, deciding));
  }

  @ResolveField(() => [VoteType], { description: 'Every answer, in the order given.' })
  @Asks({ right: 'teams:read', narrows: 'reasons are null for who may not read what the action carried' })
  async votes(@Parent() approval: ApprovalType, @Context() context: GraphContext): Promise<readonly VoteType[]> {
    const { view, seen, hasArgs } = approval;
    const history = await this.loaders.history(approval, context);
    return votesOf(seen.approval, history).map(({ by, verdict, reason, at, method, isStanding }) => ({
      ...{ by: personNode(view, by), verdict, at, method, isStanding },
      reason: hasArgs ? reason : null,
    }));
  }

  @ResolveField(() => [CommentType])
  @Asks(words)
  async comments(@Parent() approval: ApprovalType, @Context() context: GraphContext): Promise<readonly CommentType[]> {
    const all = commentsOf(await this.#words(approval, context));
    return all.map(({ by, at, text }) => ({ by: personNode(approval.view, by), at, text }));
  }

  @ResolveField(() => [QuestionType])
  @Asks(words)
  async questions(
    @Parent() approval: ApprovalType,
    @Context() context: GraphContext,
  ): Promise<readonly QuestionType[]> {
    const all = questionsOf(await this.#words(approval, context));
    return all.map(({ by, answer, ...question }) => ({
      ...question,
      by: personNode(approval.view, by),
      answer: answer && showHiddenInText(answer),
    }));
  }

  @ResolveField(() => String, { nullable: true, description: 'What the agent was told with a denial.' })
  @Asks(words)
  async feedback(@Parent() approval: ApprovalType, @Context() context: GraphContext): Promise<string | null> {
    return feedbackOf(await this.#words(approval, context));
  }

  @ResolveField(() => [DecisionEventType], {
    description: 'Everything that happened to it, in order: reminders, escalations, edits and claims as well.',
  })
  async history(
    @Parent() approval: ApprovalType,
    @Context() context: GraphContext,
  ): Promise<readonly DecisionEventType[]> {
    const { events } = await this.loaders.history(approval, context);
    return events.map(({ type, position, recordedAt, actor, content }) => ({
      ...{ type, position, recordedAt, by: actor.id },
      data: approval.hasArgs && content ? showHiddenIn(JSON.parse(content.payload) as JsonValue).value : null,
    }));
  }

  @ResolveField(() => OutlookType, { nullable: true, description: 'Null once it is settled.' })
  @Asks({ right: 'approvals:decide', narrows: 'null for who may not decide it' })
  async outlook(@Parent() approval: ApprovalType, @Context() context: GraphContext): Promise<OutlookType | null> {
    const { standing } = approval.view;
    const [deciding, budgets] = await Promise.all([
      this.loaders.deciding(approval, context),
      this.loaders.budgets(approval, context),
    ]);
    if (standing.kind !== 'member' || mayDecideNow(approval, deciding) !== null) return null;
    return outlookOf(approval.seen, { deciding, budgets, member: standing.memberId });
  }

  @ResolveField(() => Boolean, { description: 'Whether the caller may decide it now.' })
  async canDecide(@Parent() approval: ApprovalType, @Context() context: GraphContext): Promise<boolean> {
    const isPending = approval.seen.status === 'pending';
    return isPending && mayDecideNow(approval, await this.loaders.deciding(approval, context)) === null;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'The code that the caller would be refused with whatever they answer; null for who may decide it.',
  })
  async whyNot(@Parent() approval: ApprovalType, @Context() context: GraphContext): Promise<string | null> {
    return mayDecideNow(approval, await this.loaders.deciding(approval, context));
  }

  /** Nothing that people or agents wrote, for who may not read it. */
  async #words(approval: ApprovalType, context: GraphContext): Promise<ApprovalHistory> {
    return approval.hasArgs ? this.loaders.history(approval, context) : { asked: null, events: [] };
  }
}
