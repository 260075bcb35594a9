import type { Instant } from '@countersign/kernel';
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Asks } from '../rights/asks.ts';
import { payloadOf } from '../schema/refusal.ts';
import { DateTime, Json, Position } from '../schema/scalars.ts';

const ofCommand = { right: null, of: 'signed-in', why: 'tells its caller about a command of theirs' } as const;

@ObjectType('CommandWarning', { description: 'Something to look at, which did not stop the command.' })
@Asks(ofCommand)
export class CommandWarning {
  @Field()
  readonly code!: string;

  @Field()
  readonly message!: string;

  @Field(() => Int, { nullable: true })
  readonly line!: number | null;
}

@ObjectType('CommandDone', { description: 'A command that was carried out.' })
@Asks(ofCommand)
export class CommandDone {
  @Field(() => Position, { nullable: true, description: 'Of its last event; null when it had taken effect before.' })
  readonly position!: number | null;

  @Field(() => ID, { nullable: true, description: 'Of what the command made, if it made something.' })
  readonly id!: string | null;

  @Field(() => String, { nullable: true, description: "A new agent's key, shown this once." })
  readonly key!: string | null;

  @Field(() => String, { nullable: true, description: "A webhook endpoint's new secret, shown this once." })
  readonly secret!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Of the publication that waits for a second person: nothing of the change is in force yet.',
  })
  readonly publicationId!: string | null;

  @Field(() => [CommandWarning])
  readonly warnings!: readonly CommandWarning[];
}

export const CommandPayload = payloadOf('CommandPayload', CommandDone);

@InputType({ isAbstract: true })
export abstract class OrganizationInput {
  @Field(() => ID)
  readonly organizationId!: string;
}

@InputType('TeamRoleInput')
export class TeamRoleInput {
  @Field({ description: 'Id or name.' })
  readonly team!: string;

  @Field({ description: '`lead`, `approver` or `none`.' })
  readonly role!: string;
}

@InputType('SettingsInput')
export class SettingsInput {
  @Field(() => Boolean, { nullable: true })
  readonly policyFourEyes?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  readonly ownAgentApproval?: boolean | null;

  @Field(() => Boolean, { nullable: true })
  readonly leadsPublish?: boolean | null;
}

@InputType('ProfileInput')
export class ProfileInput {
  @Field(() => String, { nullable: true })
  readonly owner?: string | null;

  @Field(() => String, { nullable: true })
  readonly deputy?: string | null;

  @Field(() => String, { nullable: true })
  readonly purpose?: string | null;

  @Field(() => String, { nullable: true })
  readonly environment?: string | null;

  @Field(() => String, { nullable: true })
  readonly riskClass?: string | null;

  @Field(() => Json, { nullable: true })
  readonly labels?: unknown;

  @Field(() => String, { nullable: true })
  readonly instructionsUrl?: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly inServiceFrom?: Instant | null;

  @Field(() => DateTime, { nullable: true })
  readonly inServiceTo?: Instant | null;
}

@InputType('StopScopeInput', { description: 'What to stop. What does not belong to the kind is refused by name.' })
export class StopScopeInput {
  @Field({ description: '`organization`, `team`, `agent` or `intent`.' })
  readonly kind!: string;

  @Field(() => String, { nullable: true, description: 'Id or name.' })
  readonly team?: string | null;

  @Field(() => String, { nullable: true, description: 'Id or name.' })
  readonly agent?: string | null;

  @Field(() => String, { nullable: true, description: 'As in a policy; with a team: only what its agents ask.' })
  readonly pattern?: string | null;
}
