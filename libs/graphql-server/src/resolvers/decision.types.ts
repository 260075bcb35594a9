import type { Instant } from '@countersign/kernel';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Asks } from '../rights/asks.ts';
import { DateTime, Json, Position } from '../schema/scalars.ts';
import { behindMembership } from './organization.types.ts';

const withArgs = {
  right: 'args:read',
  narrows: 'null for who may see the decision and not what the action carried',
} as const;

@ObjectType('Named', { description: 'An agent or a team as a decision recorded it.' })
@Asks(behindMembership)
export class NamedType {
  @Field(() => ID)
  readonly id!: string;

  @Field()
  readonly name!: string;
}

@ObjectType('Reason', { description: 'Why: first what decided, then what else matched.' })
@Asks(behindMembership)
export class ReasonType {
  @Field()
  readonly code!: string;

  @Field({ description: '`allow`, `ask` or `block`.' })
  readonly effect!: string;

  @Field()
  readonly message!: string;

  @Field(() => String, { nullable: true, description: 'Null for what no policy said.' })
  readonly policy!: string | null;

  @Field(() => Int, { nullable: true })
  readonly version!: number | null;

  @Field(() => String, { nullable: true, description: 'Where the policy is attached.' })
  readonly layer!: string | null;

  @Field(() => String, { nullable: true })
  readonly rule!: string | null;

  @Field(() => Int, { nullable: true, description: "Of the policy's text." })
  readonly line!: number | null;
}

@ObjectType('DecisionEvent', { description: 'What happened to a decision after it was made.' })
@Asks(behindMembership)
export class DecisionEventType {
  @Field()
  readonly type!: string;

  @Field(() => Position)
  readonly position!: number;

  @Field(() => DateTime)
  readonly recordedAt!: Instant;

  @Field()
  readonly by!: string;

  @Field(() => Json, { nullable: true })
  @Asks(withArgs)
  readonly data!: unknown;
}

@ObjectType('Decision', { description: 'The answer to one action.' })
@Asks(behindMembership)
export class DecisionType {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => Position)
  readonly position!: number;

  @Field(() => DateTime)
  readonly decidedAt!: Instant;

  @Field({ description: '`allow`, `ask` or `block`.' })
  readonly verdict!: string;

  @Field()
  readonly intent!: string;

  @Field()
  readonly target!: string;

  @Field(() => NamedType)
  readonly agent!: NamedType;

  @Field(() => NamedType, { description: "The agent's team at that time." })
  readonly team!: NamedType;

  @Field(() => String, { nullable: true })
  readonly run!: string | null;

  @Field(() => String, { nullable: true })
  readonly user!: string | null;

  @Field(() => [ReasonType])
  readonly reasons!: readonly ReasonType[];

  @Field({ description: 'Whether the caller may read what the action carried.' })
  readonly hasArgs!: boolean;

  @Field(() => Json, { nullable: true, description: 'As the agent sent it, secrets redacted.' })
  @Asks(withArgs)
  readonly args!: unknown;

  @Field(() => [DecisionEventType])
  readonly after!: readonly DecisionEventType[];
}
