import { OrganizationId } from '@countersign/kernel';
import { Args, Context, Field, ID, InputType, Int, Mutation, Resolver } from '@nestjs/graphql';
import { GraphCommands } from '../request/graph-commands.ts';
import type { GraphContext } from '../request/graph-context.ts';
import { AsksCommand } from '../rights/asks-command.ts';
import { CommandPayload, OrganizationInput } from './commands.types.ts';

const KINDS = 'Kinds of notices, as `NoticeChoice.kind`.';

@InputType('AddEndpointInput')
export class AddEndpointInput extends OrganizationInput {
  @Field()
  readonly url!: string;

  @Field(() => [String], { description: KINDS })
  readonly kinds!: string[];
}

@InputType('EndpointInput')
export class EndpointInput extends OrganizationInput {
  @Field(() => ID)
  readonly endpointId!: string;
}

@InputType('ChangeEndpointInput', { description: 'What is left out stays as it is.' })
export class ChangeEndpointInput extends EndpointInput {
  @Field(() => String, { nullable: true })
  readonly url?: string | null;

  @Field(() => [String], { nullable: true, description: KINDS })
  readonly kinds?: string[] | null;
}

@InputType('RotateEndpointSecretInput')
export class RotateEndpointSecretInput extends EndpointInput {
  @Field(() => Int, { nullable: true, description: 'How long both secrets sign; 24 when left out, 0 for not at all.' })
  readonly overlapHours?: number | null;
}

@InputType('ChooseNoticesInput', {
  description: 'Kinds that are not named are mailed, or not, as they are by default.',
})
export class ChooseNoticesInput extends OrganizationInput {
  @Field(() => [String], { description: 'To be mailed.' })
  readonly on!: string[];

  @Field(() => [String], { description: 'Not to be mailed.' })
  readonly off!: string[];
}

/** Where notices go. */
@Resolver()
export class ChannelCommandsResolver {
  constructor(private readonly commands: GraphCommands) {}

  @Mutation(() => CommandPayload, { description: 'Answers the secret that signs, once.' })
  @AsksCommand('AddEndpoint')
  addEndpoint(@Args('input') { organizationId, ...input }: AddEndpointInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'AddEndpoint', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('ChangeEndpoint')
  changeEndpoint(@Args('input') { organizationId, ...input }: ChangeEndpointInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'ChangeEndpoint', ...input }, context);
  }

  @Mutation(() => CommandPayload, { description: 'Answers the new secret, once.' })
  @AsksCommand('RotateEndpointSecret')
  rotateEndpointSecret(
    @Args('input') { organizationId, ...input }: RotateEndpointSecretInput,
    @Context() context: GraphContext,
  ) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'RotateEndpointSecret', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('EnableEndpoint')
  enableEndpoint(@Args('input') { organizationId, ...input }: EndpointInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'EnableEndpoint', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('DisableEndpoint')
  disableEndpoint(@Args('input') { organizationId, ...input }: EndpointInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'DisableEndpoint', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('RemoveEndpoint')
  removeEndpoint(@Args('input') { organizationId, ...input }: EndpointInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'RemoveEndpoint', ...input }, context);
  }

  @Mutation(() => CommandPayload, { description: 'What the caller is mailed in this organization.' })
  @AsksCommand('ChooseNotices')
  chooseNotices(@Args('input') { organizationId, ...input }: ChooseNoticesInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'ChooseNotices', ...input }, context);
  }
}
