import { createUnionType, Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { Asks } from '../rights/asks.ts';
import { Refusal, payloadOf } from '../schema/refusal.ts';
import { Json, Position } from '../schema/scalars.ts';
import { ApprovalType } from './approval.types.ts';
import { OrganizationInput } from './commands.types.ts';
import { GrantTermsInput } from './grant.types.ts';
import { MemberType } from './organization.types.ts';

const ofCommand = { right: null, of: 'signed-in', why: 'tells its caller about a command of theirs' } as const;

@ObjectType('ApprovalDone', { description: 'A command about an approval that was carried out.' })
@Asks(ofCommand)
export class ApprovalDone {
  @Field(() => Position, { nullable: true, description: 'Of its last event; null when it had taken effect before.' })
  readonly position!: number | null;

  @Field(() => ApprovalType, { description: 'As it is now.' })
  readonly approval!: ApprovalType;

  @Field(() => ID, { nullable: true, description: 'Of the grant, if the answer gave one.' })
  readonly grantId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Of the question, if one was asked.' })
  readonly questionId!: string | null;
}

@ObjectType('AlreadySettled', { description: 'Somebody was first, or its time was over: what they did stands.' })
@Asks(ofCommand)
export class AlreadySettled {
  @Field()
  readonly code!: string;

  @Field()
  readonly message!: string;

  @Field({ description: 'What it is now.' })
  readonly state!: string;

  @Field(() => MemberType, { nullable: true, description: 'Who settled it; null when nobody did.' })
  readonly settledBy!: MemberType | null;
}

/** What answers a command about one approval. */
export type ApprovalAnswer = ApprovalDone | AlreadySettled | Refusal;

export const ApprovalPayload = createUnionType({
  name: 'ApprovalPayload',
  description: 'What was done, who had settled it before, or why it was not done.',
  types: () => [ApprovalDone, AlreadySettled, Refusal] as const,
  resolveType: (value: unknown) => [ApprovalDone, AlreadySettled].find((type) => value instanceof type) ?? Refusal,
});

@ObjectType('ApprovalResult', { description: 'What one of several answers came to; each stands alone.' })
@Asks(ofCommand)
export class ApprovalResult {
  @Field(() => ID)
  readonly approvalId!: string;

  @Field(() => ApprovalPayload)
  readonly outcome!: ApprovalAnswer;
}

@ObjectType('ApprovalsDecided', { description: 'Answers that were given at once, in the order asked.' })
@Asks(ofCommand)
export class ApprovalsDecided {
  @Field(() => [ApprovalResult])
  readonly results!: readonly ApprovalResult[];
}

export const DecideApprovalsPayload = payloadOf('DecideApprovalsPayload', ApprovalsDecided);

@InputType('ApprovalInput')
export class ApprovalInput extends OrganizationInput {
  @Field(() => ID)
  readonly approvalId!: string;
}

@InputType('DecideApprovalInput')
export class DecideApprovalInput extends ApprovalInput {
  @Field({ description: '`approve` or `deny`. One denial denies.' })
  readonly verdict!: string;

  @Field({ description: 'Of the action that was judged, as the approval showed it.' })
  readonly digest!: string;

  @Field(() => String, { nullable: true, description: 'Why; a policy may require it.' })
  readonly reason?: string | null;

  @Field(() => String, { nullable: true, description: 'With a denial: what the agent may read.' })
  readonly feedback?: string | null;

  @Field(() => GrantTermsInput, {
    nullable: true,
    description: 'With an approval: a grant beside the permit, given once these very terms have the votes of the ask.',
  })
  readonly grant?: GrantTermsInput | null;
}

@InputType('AnsweredApprovalInput')
export class AnsweredApprovalInput {
  @Field(() => ID)
  readonly approvalId!: string;

  @Field({ description: 'Of the action that was judged, as the approval showed it.' })
  readonly digest!: string;
}

@InputType('DecideApprovalsInput')
export class DecideApprovalsInput extends OrganizationInput {
  @Field(() => [AnsweredApprovalInput], { description: 'At most 100, which all ask the same.' })
  readonly approvals!: readonly AnsweredApprovalInput[];

  @Field({ description: '`approve` or `deny`.' })
  readonly verdict!: string;

  @Field(() => String, { nullable: true })
  readonly reason?: string | null;

  @Field(() => String, { nullable: true })
  readonly feedback?: string | null;
}

@InputType('EditApprovalInput')
export class EditApprovalInput extends ApprovalInput {
  @Field({ description: 'Of the action that was judged, as the approval showed it.' })
  readonly digest!: string;

  @Field(() => Json, { description: 'All of the arguments, as they shall be.' })
  readonly args!: unknown;

  @Field(() => String, { nullable: true })
  readonly reason?: string | null;
}

@InputType('CommentOnApprovalInput')
export class CommentOnApprovalInput extends ApprovalInput {
  @Field()
  readonly text!: string;
}

@InputType('AskAgentInput')
export class AskAgentInput extends ApprovalInput {
  @Field()
  readonly text!: string;

  @Field(() => ID, { nullable: true, description: 'Whoever names the question may send it twice.' })
  readonly questionId?: string | null;
}

@InputType('WithdrawApprovalInput')
export class WithdrawApprovalInput extends ApprovalInput {
  @Field(() => String, { nullable: true })
  readonly reason?: string | null;
}

@InputType('RevokeGrantInput')
export class RevokeGrantInput extends OrganizationInput {
  @Field(() => ID)
  readonly grantId!: string;

  @Field(() => String, { nullable: true })
  readonly reason?: string | null;
}
