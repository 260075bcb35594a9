import type { Instant } from '@countersign/kernel';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { View } from '../request/views.ts';
import { Asks } from '../rights/asks.ts';
import { connectionOf } from '../schema/connection.ts';
import { DateTime, Position } from '../schema/scalars.ts';

/** What a query that leads here has asked for already. */
export const behindMembership = {
  right: null,
  of: 'signed-in',
  why: 'the field that leads here asks for membership, and shows what the member may see',
} as const;

@ObjectType('Settings', { description: 'What an organization decides about itself.' })
@Asks(behindMembership)
export class Settings {
  @Field({ description: 'A second person confirms whatever one person publishes.' })
  readonly policyFourEyes!: boolean;

  @Field({
    description:
      "An agent's owner and deputy, the issuers of its live keys and whom it acts for may decide its approvals.",
  })
  readonly ownAgentApproval!: boolean;

  @Field({ description: 'A lead may publish and attach policies to the agents of the teams they lead.' })
  readonly leadsPublish!: boolean;
}

@ObjectType('Team', { description: 'Owns agents, and answers what policies ask.' })
@Asks(behindMembership)
export class TeamType {
  @Field(() => ID)
  readonly id!: string;

  @Field()
  readonly name!: string;
}

export const TeamConnection = connectionOf('Team', TeamType);

@ObjectType('TeamRole', { description: 'What somebody is in one team: `lead`, `approver` or `none`.' })
@Asks(behindMembership)
export class TeamRoleType {
  @Field(() => TeamType)
  readonly team!: TeamType;

  @Field()
  readonly role!: string;
}

@ObjectType('Member', { description: "A person's membership of the organization." })
@Asks(behindMembership)
export class MemberType {
  @Field(() => ID)
  readonly id!: string;

  @Field({ description: '`owner`, `admin`, `member`, `developer`, `auditor` or `viewer`.' })
  readonly role!: string;

  @Field(() => [TeamRoleType], { description: 'Of the teams that the caller sees.' })
  readonly teams!: readonly TeamRoleType[];

  @Field(() => DateTime, { description: 'When they last joined.' })
  readonly since!: Instant;

  readonly userId!: string;
  /** Whether the caller is told more than a name. */
  readonly isKnown!: boolean;
}

export const MemberConnection = connectionOf('Member', MemberType);

@ObjectType('Invitation', { description: 'Somebody invited who has not joined yet.' })
@Asks(behindMembership)
export class InvitationType {
  @Field(() => ID)
  readonly id!: string;

  @Field()
  readonly email!: string;

  @Field()
  readonly role!: string;

  @Field(() => [TeamRoleType])
  readonly teams!: readonly TeamRoleType[];

  @Field(() => DateTime)
  readonly expiresAt!: Instant;

  @Field(() => ID, { nullable: true, description: 'A member; null for the operator.' })
  readonly invitedById!: string | null;
}

export const InvitationConnection = connectionOf('Invitation', InvitationType);

@ObjectType('Organization', { description: 'The tenant. All fields of one request tell of one position.' })
@Asks(behindMembership)
export class OrganizationType {
  @Field(() => ID)
  readonly id!: string;

  @Field()
  readonly name!: string;

  @Field({ description: 'In which days and months of budgets begin (IANA).' })
  readonly timeZone!: string;

  @Field(() => Position, { description: 'Of the last event that what is answered knows.' })
  readonly position!: number;

  @Field(() => Settings)
  readonly settings!: Settings;

  readonly view!: View;
}
