import type { Instant } from '@countersign/kernel';
import type { SeenApproval } from '@countersign/surface';
import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import type { View } from '../request/views.ts';
import { Asks } from '../rights/asks.ts';
import { connectionOf, PageArgs } from '../schema/connection.ts';
import { DateTime } from '../schema/scalars.ts';
import { PermitType } from './approval-parts.types.ts';
import { behindMembership, MemberType, TeamType } from './organization.types.ts';

@ObjectType('Approval', { description: 'A request for people to decide an asked action.' })
@Asks(behindMembership)
export class ApprovalType {
  @Field(() => ID)
  readonly id!: string;

  @Field({
    description:
      '`pending`, `approved`, `denied`, `expired`, `cancelled`; of what was approved, `taken`, `withdrawn` or `lapsed`.',
  })
  readonly state!: string;

  @Field(() => [ID], { description: 'The decision that asked, then those that joined it: one approval, one permit.' })
  readonly decisionIds!: readonly string[];

  @Field(() => TeamType, { description: "The agent's team when it asked." })
  readonly team!: TeamType;

  @Field()
  readonly intent!: string;

  @Field({ description: 'What a reader would not see in it is shown as `\\u{200b}`.' })
  readonly target!: string;

  @Field({ description: 'Of the action as it is now: an answer names the one that it judged.' })
  readonly digest!: string;

  @Field(() => DateTime)
  readonly openedAt!: Instant;

  @Field(() => DateTime, {
    description: 'Undecided by then is denied. Of what waits, with the time under stops added.',
  })
  readonly deadline!: Instant;

  @Field(() => MemberType, { nullable: true, description: 'By whom it was approved, denied or withdrawn.' })
  readonly settledBy!: MemberType | null;

  @Field(() => MemberType, { nullable: true, description: 'Who said that they see to it. It binds nobody.' })
  readonly claimedBy!: MemberType | null;

  @Field(() => PermitType, { nullable: true })
  readonly permit!: PermitType | null;

  @Field({ description: 'Whether the caller may read what the action carried, and what was said about it.' })
  readonly hasArgs!: boolean;

  readonly seen!: SeenApproval;
  readonly view!: View;
}

export const ApprovalConnection = connectionOf('Approval', ApprovalType);

@ArgsType()
export class ApprovalsArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Id or name: only what is in the queue of this team.' })
  readonly team!: string | null;

  @Field(() => String, { nullable: true, description: 'Id or name: only what this agent asked.' })
  readonly agent!: string | null;

  @Field(() => String, { nullable: true, description: 'Only what is in this state.' })
  readonly state!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only what waits for the caller, who has not answered it.',
  })
  readonly decidable!: boolean | null;

  @Field({
    defaultValue: 'newest',
    description: '`newest`: the latest first. `deadline`: only what waits, the one first whose time ends first.',
  })
  readonly order!: string;
}
