import type { Instant } from '@countersign/kernel';
import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Asks } from '../rights/asks.ts';
import { connectionOf, PageArgs } from '../schema/connection.ts';
import { DateTime, Decimal } from '../schema/scalars.ts';
import { behindMembership, MemberType } from './organization.types.ts';

@ObjectType('GrantTerms', { description: 'What people permit beside the one action.' })
@Asks(behindMembership)
export class GrantTermsType {
  @Field({ description: '`intent:target`, as in a policy.' })
  readonly pattern!: string;

  @Field(() => String, { nullable: true, description: 'What may vary: a condition as in a policy. Null: everything.' })
  readonly when!: string | null;

  @Field(() => Int)
  readonly uses!: number;

  @Field(() => Int, { description: 'How long it stands, in milliseconds.' })
  readonly forMs!: number;

  @Field(() => Decimal, { description: 'USD in all its uses.' })
  readonly maxUsd!: string;
}

@InputType('GrantTermsInput', { description: 'Those who agree on all of it give it together.' })
export class GrantTermsInput {
  @Field({ description: '`intent:target`, as in a policy.' })
  readonly pattern!: string;

  @Field({ description: 'What may vary: a condition as in a policy. `true` leaves everything free.' })
  readonly when!: string;

  @Field(() => Int, { nullable: true, description: '5 when left out; at most 100.' })
  readonly uses?: number | null;

  @Field(() => Int, { nullable: true, description: 'Milliseconds: an hour when left out; at most a day.' })
  readonly forMs?: number | null;

  @Field(() => Decimal, { nullable: true, description: 'USD in all. Left out: only what costs nothing.' })
  readonly maxUsd?: string | null;
}

@ObjectType('Grant', { description: 'A standing permission that people gave beside an approval.' })
@Asks(behindMembership)
export class GrantType {
  @Field(() => ID)
  readonly id!: string;

  @Field({ description: '`standing`, `used_up`, `revoked` or `lapsed`.' })
  readonly state!: string;

  @Field(() => ID)
  readonly agentId!: string;

  @Field()
  readonly agentName!: string;

  @Field(() => ID, { description: 'Beside which it was given.' })
  readonly approvalId!: string;

  @Field({ description: 'What a reader would not see in it is shown as `\\u{200b}`.' })
  readonly pattern!: string;

  @Field(() => String, { nullable: true })
  @Asks({ right: 'args:read', narrows: 'null for who may not read what the actions carry, which it repeats' })
  readonly when!: string | null;

  @Field(() => Int)
  readonly usesLeft!: number;

  @Field(() => Decimal)
  readonly maxUsd!: string;

  @Field(() => Decimal)
  readonly usdLeft!: string;

  @Field(() => DateTime)
  readonly expiresAt!: Instant;

  @Field(() => [MemberType], { description: 'Who gave it. It lapses when one of them loses the right.' })
  readonly givenBy!: readonly MemberType[];

  @Field({ description: 'Whether the caller may revoke it now.' })
  readonly canRevoke!: boolean;
}

export const GrantConnection = connectionOf('Grant', GrantType);

@ArgsType()
export class GrantsArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Id or name: only what covers this agent.' })
  readonly agent!: string | null;

  @Field(() => String, { nullable: true, description: 'Only those in this state.' })
  readonly state!: string | null;
}
