import { OrganizationId, type Instant } from '@countersign/kernel';
import { Args, Context, Field, ID, InputType, Mutation, Resolver } from '@nestjs/graphql';
import { GraphCommands, wireTime } from '../request/graph-commands.ts';
import type { GraphContext } from '../request/graph-context.ts';
import { AsksCommand } from '../rights/asks-command.ts';
import { DateTime } from '../schema/scalars.ts';
import { CommandPayload, OrganizationInput, ProfileInput } from './commands.types.ts';

@InputType('RegisterAgentInput')
export class RegisterAgentInput extends OrganizationInput {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String)
  readonly team!: string;

  @Field(() => ProfileInput, { nullable: true })
  readonly profile?: ProfileInput | null;
}

@InputType('ChangeAgentInput')
export class ChangeAgentInput extends OrganizationInput {
  @Field(() => String)
  readonly agent!: string;

  @Field(() => String, { nullable: true })
  readonly team?: string | null;

  @Field(() => ProfileInput)
  readonly profile!: ProfileInput;
}

@InputType('RetireAgentInput')
export class RetireAgentInput extends OrganizationInput {
  @Field(() => String)
  readonly agent!: string;

  @Field(() => String, { nullable: true })
  readonly reason?: string | null;
}

@InputType('IssueAgentKeyInput')
export class IssueAgentKeyInput extends OrganizationInput {
  @Field(() => String)
  readonly agent!: string;

  @Field(() => [String], { nullable: true })
  readonly scopes?: string[] | null;

  @Field(() => DateTime, { nullable: true })
  readonly expiresAt?: Instant | null;

  @Field(() => String, { nullable: true })
  readonly boundUser?: string | null;
}

@InputType('RevokeAgentKeyInput')
export class RevokeAgentKeyInput extends OrganizationInput {
  @Field(() => ID)
  readonly keyId!: string;

  @Field(() => String, { nullable: true })
  readonly reason?: string | null;
}

/** Agents and their keys. */
@Resolver()
export class AgentCommandsResolver {
  constructor(private readonly commands: GraphCommands) {}

  @Mutation(() => CommandPayload)
  @AsksCommand('RegisterAgent')
  registerAgent(@Args('input') { organizationId, ...input }: RegisterAgentInput, @Context() context: GraphContext) {
    return this.commands.run(
      OrganizationId.parse(organizationId),
      { type: 'RegisterAgent', ...input, profile: profileOf(input.profile) },
      context,
    );
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('ChangeAgent')
  changeAgent(@Args('input') { organizationId, ...input }: ChangeAgentInput, @Context() context: GraphContext) {
    return this.commands.run(
      OrganizationId.parse(organizationId),
      { type: 'ChangeAgent', ...input, profile: profileOf(input.profile) },
      context,
    );
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('RetireAgent')
  retireAgent(@Args('input') { organizationId, ...input }: RetireAgentInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'RetireAgent', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('IssueAgentKey')
  issueAgentKey(@Args('input') { organizationId, ...input }: IssueAgentKeyInput, @Context() context: GraphContext) {
    return this.commands.run(
      OrganizationId.parse(organizationId),
      { type: 'IssueAgentKey', ...input, expiresAt: wireTime(input.expiresAt) },
      context,
    );
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('RevokeAgentKey')
  revokeAgentKey(@Args('input') { organizationId, ...input }: RevokeAgentKeyInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'RevokeAgentKey', ...input }, context);
  }
}

/** The whole profile: what is left out is as if it had never been said. */
const profileOf = (profile: ProfileInput | null | undefined) =>
  profile && {
    ...profile,
    inServiceFrom: wireTime(profile.inServiceFrom),
    inServiceTo: wireTime(profile.inServiceTo),
  };
