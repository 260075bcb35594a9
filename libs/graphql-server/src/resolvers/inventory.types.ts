import type { Instant } from '@countersign/kernel';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { View } from '../request/views.ts';
import { Asks } from '../rights/asks.ts';
import { connectionOf } from '../schema/connection.ts';
import { DateTime, Decimal, Json, Position } from '../schema/scalars.ts';
import { behindMembership, MemberType, TeamType } from './organization.types.ts';

@ObjectType('AgentKey', { description: 'A credential of an agent. The key itself is shown once, when it is issued.' })
@Asks(behindMembership)
export class AgentKeyType {
  @Field(() => ID)
  readonly id!: string;

  @Field({ description: 'How the key begins.' })
  readonly prefix!: string;

  @Field(() => [String])
  readonly scopes!: readonly string[];

  @Field(() => DateTime, { nullable: true })
  readonly expiresAt!: Instant | null;

  @Field(() => String, { nullable: true })
  readonly boundUser!: string | null;

  @Field({ description: '`active`, `expired` or `revoked`.' })
  readonly status!: string;
}

@ObjectType('Agent', { description: 'A program that asks before it acts.' })
@Asks(behindMembership)
export class AgentType {
  @Field(() => ID)
  readonly id!: string;

  @Field()
  readonly name!: string;

  @Field({ description: '`active` or `retired`.' })
  readonly status!: string;

  @Field(() => TeamType)
  readonly team!: TeamType;

  @Field(() => String, { nullable: true, description: "A member's id; of old records, words." })
  readonly owner!: string | null;

  @Field(() => MemberType, { nullable: true, description: 'Who answers for it, and never decides about it.' })
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

  @Field(() => DateTime, { nullable: true, description: 'Nothing is allowed before.' })
  readonly inServiceFrom!: Instant | null;

  @Field(() => DateTime, { nullable: true, description: 'Nothing is allowed from then on.' })
  readonly inServiceTo!: Instant | null;

  @Field(() => [AgentKeyType])
  readonly keys!: readonly AgentKeyType[];
}

export const AgentConnection = connectionOf('Agent', AgentType);

@ObjectType('Attachment', { description: 'Where a policy is in force.' })
@Asks(behindMembership)
export class AttachmentType {
  @Field({ description: '`organization`, `team`, `agent` or `user`.' })
  readonly layer!: string;

  @Field(() => ID, { description: 'Of an organization, team or agent its id; of a user, what agents call them.' })
  readonly point!: string;

  @Field()
  readonly name!: string;
}

@ObjectType('Policy', { description: 'A policy in its latest version.' })
@Asks(behindMembership)
export class PolicyType {
  @Field()
  readonly name!: string;

  @Field(() => Int)
  readonly version!: number;

  @Field({ description: 'YAML, as it was published.' })
  readonly document!: string;

  @Field(() => [AttachmentType])
  readonly attachments!: readonly AttachmentType[];
}

export const PolicyConnection = connectionOf('Policy', PolicyType);

@ObjectType('Publication', { description: 'A change of what is in force that waits for a second person.' })
@Asks(behindMembership)
export class PublicationType {
  @Field(() => ID)
  readonly id!: string;

  @Field({ description: '`publish`, `attach` or `detach`.' })
  readonly kind!: string;

  @Field()
  readonly policy!: string;

  @Field(() => Int, { description: 'The version that it follows; once another is in force, it can only be rejected.' })
  readonly baseVersion!: number;

  @Field(() => String, { nullable: true, description: 'YAML, as it would be published.' })
  readonly document!: string | null;

  @Field(() => String, { nullable: true })
  readonly note!: string | null;

  @Field(() => AttachmentType, { nullable: true, description: 'Where it would be attached or detached.' })
  readonly attachment!: AttachmentType | null;

  @Field(() => ID, { nullable: true, description: 'The member who wants it; null for the operator.' })
  readonly proposedById!: string | null;

  @Field(() => DateTime)
  readonly proposedAt!: Instant;

  @Field(() => [ID], { description: 'Members who may confirm it.' })
  readonly confirmerIds!: readonly string[];
}

export const PublicationConnection = connectionOf('Publication', PublicationType);

@ObjectType('Budget', { description: 'The running window of one budget for one whom it counts.' })
@Asks(behindMembership)
export class BudgetType {
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

  @Field(() => Decimal, { nullable: true })
  readonly cap!: string | null;

  @Field(() => Decimal)
  readonly spent!: string;

  @Field(() => Decimal)
  readonly held!: string;

  @Field(() => Decimal, { nullable: true, description: 'Negative after an overrun or a lowered cap.' })
  readonly remaining!: string | null;
}

export const BudgetConnection = connectionOf('Budget', BudgetType);

@ObjectType('LastAllowed', { description: 'The last allow that stands before a stop, in what it covers.' })
@Asks(behindMembership)
export class LastAllowedType {
  @Field(() => Position)
  readonly position!: number;

  @Field(() => ID)
  readonly decisionId!: string;

  @Field(() => DateTime)
  readonly decidedAt!: Instant;
}

@ObjectType('Stop', { description: 'A kill switch: blocks every action in its scope until it is lifted.' })
@Asks(behindMembership)
export class StopType {
  @Field(() => ID)
  readonly id!: string;

  @Field({ description: '`organization`, `team`, `agent` or `intent`.' })
  readonly kind!: string;

  @Field({ description: 'The scope in words.' })
  readonly scopeName!: string;

  @Field(() => ID, { nullable: true })
  readonly teamId!: string | null;

  @Field(() => ID, { nullable: true })
  readonly agentId!: string | null;

  @Field(() => String, { nullable: true })
  readonly pattern!: string | null;

  @Field()
  readonly reason!: string;

  @Field(() => ID, { nullable: true, description: 'The member who placed it; null for the operator.' })
  readonly placedById!: string | null;

  @Field({ description: 'How high whoever placed it stood: who lifts it ranks no lower.' })
  readonly rank!: string;

  @Field(() => DateTime)
  readonly placedAt!: Instant;

  readonly view!: View;
}

export const StopConnection = connectionOf('Stop', StopType);
