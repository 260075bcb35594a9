import type { Instant } from '@countersign/kernel';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Asks } from '../rights/asks.ts';
import { DateTime, Decimal, Json, Position } from '../schema/scalars.ts';
import { behindMembership, MemberType, TeamType } from './organization.types.ts';

/** What an approval consists of. The field that leads to each says who is shown it. */

@ObjectType('AgentCard', { description: 'An agent, as whoever decides about it has to know it.' })
@Asks(behindMembership)
export class AgentCardType {
  @Field(() => ID)
  readonly id!: string;

  @Field()
  readonly name!: string;

  @Field({ description: '`active` or `retired`.' })
  readonly status!: string;

  @Field(() => TeamType)
  readonly team!: TeamType;

  @Field(() => MemberType, { nullable: true, description: 'Who answers for it, and so never decides about it.' })
  readonly ownedBy!: MemberType | null;

  @Field(() => String, { nullable: true })
  readonly deputy!: string | null;

  @Field(() => String, { nullable: true })
  readonly purpose!: string | null;

  @Field()
  readonly environment!: string;

  @Field()
  readonly riskClass!: string;

  @Field(() => Json)
  readonly labels!: Readonly<Record<string, string>>;

  @Field(() => String, { nullable: true })
  readonly instructionsUrl!: string | null;
}

@ObjectType('AskedAction', {
  description:
    'The action that people decide on. What a reader would not see is shown as `\\u{200b}`: characters without width or that turn the reading direction, controls, unusual spaces.',
})
@Asks(behindMembership)
export class AskedActionType {
  @Field(() => Json, { nullable: true, description: 'As asked, or as people changed them; secrets redacted.' })
  readonly args!: unknown;

  @Field(() => Json, { nullable: true, description: 'The same with nothing made visible: to change them.' })
  readonly argsAsSent!: unknown;

  @Field({ description: 'Whether people changed the arguments.' })
  readonly isEdited!: boolean;

  @Field(() => String, { nullable: true, description: 'Why, as the agent says.' })
  readonly reason!: string | null;

  @Field(() => Json, { nullable: true, description: 'What it costs, as the agent states it.' })
  readonly cost!: unknown;

  @Field(() => Decimal, { nullable: true, description: 'USD; what it was priced at.' })
  readonly usd!: string | null;

  @Field(() => String, { nullable: true })
  readonly run!: string | null;

  @Field(() => String, { nullable: true })
  readonly user!: string | null;

  @Field(() => [String])
  readonly tags!: readonly string[];

  @Field(() => Json, { nullable: true, description: 'Notes that the agent passed along; they prove nothing.' })
  readonly context!: unknown;

  @Field(() => [String], { description: 'Paths in which something was made visible.' })
  readonly hidden!: readonly string[];

  @Field(() => [String], { description: 'Paths that a policy keeps from the record, or that held secrets.' })
  readonly redacted!: readonly string[];
}

@ObjectType('BudgetAfter', { description: 'A budget that counts the action, as it would be left by it now.' })
@Asks(behindMembership)
export class BudgetAfterType {
  @Field()
  readonly policy!: string;

  @Field()
  readonly budget!: string;

  @Field()
  readonly scope!: string;

  @Field({ description: 'Whom it counts, by name.' })
  readonly instanceName!: string;

  @Field()
  readonly unit!: string;

  @Field()
  readonly window!: string;

  @Field(() => DateTime)
  readonly windowStart!: Instant;

  @Field(() => DateTime, { nullable: true })
  readonly windowEnd!: Instant | null;

  @Field(() => Decimal, { nullable: true, description: 'Null when the policy in force no longer has it.' })
  readonly cap!: string | null;

  @Field(() => Decimal)
  readonly spent!: string;

  @Field(() => Decimal)
  readonly held!: string;

  @Field(() => Decimal)
  readonly asked!: string;

  @Field(() => Decimal, { nullable: true, description: 'Negative where the cap has to be raised for it.' })
  readonly leaves!: string | null;
}

@ObjectType('ApprovalRequirement', { description: 'What one team must do before the action may run.' })
@Asks(behindMembership)
export class RequirementType {
  @Field({ description: 'As the policy names it.' })
  readonly team!: string;

  @Field(() => [String], { description: 'Whose people may meet it: that team, and those it escalated to.' })
  readonly teams!: readonly string[];

  @Field(() => Int, { description: 'How many different people.' })
  readonly quorum!: number;

  @Field({ description: 'Whoever decides must write why.' })
  readonly requiresReason!: boolean;

  @Field({ description: 'People every time: no grant covers it.' })
  readonly neverAutoApprove!: boolean;

  @Field(() => DateTime, { nullable: true, description: 'When `escalatesTo` may decide too, time under stops added.' })
  readonly escalatesAt!: Instant | null;

  @Field(() => String, { nullable: true })
  readonly escalatesTo!: string | null;

  @Field(() => [MemberType], { description: 'Whose approval counts now.' })
  readonly counted!: readonly MemberType[];

  @Field(() => [MemberType], { description: 'Who may decide for it now and has not.' })
  readonly mayStillDecide!: readonly MemberType[];
}

@ObjectType('ApprovalVote', { description: "Somebody's answer." })
@Asks(behindMembership)
export class VoteType {
  @Field(() => MemberType, { nullable: true })
  readonly by!: MemberType | null;

  @Field({ description: '`approve` or `deny`.' })
  readonly verdict!: string;

  @Field(() => String, { nullable: true })
  readonly reason!: string | null;

  @Field(() => DateTime)
  readonly at!: Instant;

  @Field({ description: 'How they had signed in: `session` or `personal-token`.' })
  readonly method!: string;

  @Field({ description: 'False once it was changed, taken back, or given to the action before an edit.' })
  readonly isStanding!: boolean;
}

@ObjectType('ApprovalComment')
@Asks(behindMembership)
export class CommentType {
  @Field(() => MemberType, { nullable: true })
  readonly by!: MemberType | null;

  @Field(() => DateTime)
  readonly at!: Instant;

  @Field()
  readonly text!: string;
}

@ObjectType('ApprovalQuestion', { description: 'What an approver asked the agent.' })
@Asks(behindMembership)
export class QuestionType {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => MemberType, { nullable: true })
  readonly by!: MemberType | null;

  @Field(() => DateTime)
  readonly at!: Instant;

  @Field()
  readonly text!: string;

  @Field(() => String, { nullable: true })
  readonly answer!: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly answeredAt!: Instant | null;
}

@ObjectType('Permit', { description: 'What an approved approval gives: the right to take that exact action, once.' })
@Asks(behindMembership)
export class PermitType {
  @Field({ description: '`waiting`, `taken`, `withdrawn` or `lapsed`.' })
  readonly state!: string;

  @Field(() => DateTime)
  readonly expiresAt!: Instant;
}

@ObjectType('ApprovalOutlook', {
  description: 'What happens when the caller approves or denies, and when nobody does.',
})
@Asks(behindMembership)
export class OutlookType {
  @Field()
  readonly onApprove!: string;

  @Field()
  readonly onDeny!: string;

  @Field()
  readonly onTimeout!: string;
}

@ObjectType('PriorDecision', { description: 'What an agent was answered before.' })
@Asks(behindMembership)
export class PriorDecisionType {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => Position)
  readonly position!: number;

  @Field(() => DateTime)
  readonly decidedAt!: Instant;

  @Field()
  readonly verdict!: string;

  @Field()
  readonly intent!: string;

  @Field()
  readonly target!: string;

  @Field(() => String, { nullable: true })
  readonly run!: string | null;

  @Field(() => String, { nullable: true })
  readonly user!: string | null;
}

@ObjectType('ActionDifference', { description: 'A place in which two actions differ; null where one has nothing.' })
@Asks(behindMembership)
export class DifferenceType {
  @Field()
  readonly path!: string;

  @Field(() => Json, { nullable: true })
  readonly before!: unknown;

  @Field(() => Json, { nullable: true })
  readonly now!: unknown;
}

@ObjectType('LastLike', { description: 'The last that people approved of what the agent asks like this.' })
@Asks(behindMembership)
export class LastLikeType {
  @Field(() => ID)
  readonly approvalId!: string;

  @Field()
  readonly state!: string;

  @Field(() => DateTime)
  readonly openedAt!: Instant;

  @Field(() => MemberType, { nullable: true })
  readonly settledBy!: MemberType | null;

  @Field(() => [DifferenceType], { description: 'Empty where only run and reason differ.' })
  readonly differences!: readonly DifferenceType[];
}
