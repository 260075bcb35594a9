import { OrganizationId } from '@countersign/kernel';
import { Args, Context, Field, InputType, Mutation, Resolver } from '@nestjs/graphql';
import { GraphCommands } from '../request/graph-commands.ts';
import type { GraphContext } from '../request/graph-context.ts';
import { AsksCommand } from '../rights/asks-command.ts';
import { CommandPayload, OrganizationInput, SettingsInput } from './commands.types.ts';

@InputType('CreateTeamInput')
export class CreateTeamInput extends OrganizationInput {
  @Field(() => String)
  readonly name!: string;
}

@InputType('ChangeTimeZoneInput')
export class ChangeTimeZoneInput extends OrganizationInput {
  @Field(() => String)
  readonly timeZone!: string;
}

@InputType('ChangeSettingsInput')
export class ChangeSettingsInput extends OrganizationInput {
  @Field(() => SettingsInput)
  readonly settings!: SettingsInput;
}

/** What people tell an organization about itself. */
@Resolver()
export class OrganizationCommandsResolver {
  constructor(private readonly commands: GraphCommands) {}

  @Mutation(() => CommandPayload)
  @AsksCommand('CreateTeam')
  createTeam(@Args('input') { organizationId, ...input }: CreateTeamInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'CreateTeam', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('ChangeTimeZone')
  changeTimeZone(@Args('input') { organizationId, ...input }: ChangeTimeZoneInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'ChangeTimeZone', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('ChangeSettings')
  changeSettings(@Args('input') { organizationId, ...input }: ChangeSettingsInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'ChangeSettings', ...input }, context);
  }
}
