import { OrganizationId } from '@countersign/kernel';
import { Args, Context, Field, ID, InputType, Int, Mutation, Resolver } from '@nestjs/graphql';
import { GraphCommands } from '../request/graph-commands.ts';
import type { GraphContext } from '../request/graph-context.ts';
import { AsksCommand } from '../rights/asks-command.ts';
import { CommandPayload, OrganizationInput } from './commands.types.ts';

@InputType('PublishPolicyInput')
export class PublishPolicyInput extends OrganizationInput {
  @Field(() => String)
  readonly document!: string;

  @Field(() => String, { nullable: true })
  readonly note?: string | null;

  @Field(() => Int, { nullable: true })
  readonly expectedVersion?: number | null;
}

@InputType('AttachPolicyInput')
export class AttachPolicyInput extends OrganizationInput {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String)
  readonly layer!: string;

  @Field(() => String)
  readonly point!: string;
}

@InputType('DetachPolicyInput')
export class DetachPolicyInput extends OrganizationInput {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String)
  readonly layer!: string;

  @Field(() => String)
  readonly point!: string;
}

@InputType('ConfirmPublicationInput')
export class ConfirmPublicationInput extends OrganizationInput {
  @Field(() => ID)
  readonly publicationId!: string;
}

@InputType('RejectPublicationInput')
export class RejectPublicationInput extends OrganizationInput {
  @Field(() => ID)
  readonly publicationId!: string;

  @Field(() => String, { nullable: true })
  readonly reason?: string | null;
}

/** Policies, and where they are in force. */
@Resolver()
export class PolicyCommandsResolver {
  constructor(private readonly commands: GraphCommands) {}

  @Mutation(() => CommandPayload)
  @AsksCommand('PublishPolicy')
  publishPolicy(@Args('input') { organizationId, ...input }: PublishPolicyInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'PublishPolicy', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('AttachPolicy')
  attachPolicy(@Args('input') { organizationId, ...input }: AttachPolicyInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'AttachPolicy', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('DetachPolicy')
  detachPolicy(@Args('input') { organizationId, ...input }: DetachPolicyInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'DetachPolicy', ...input }, context);
  }

  @Mutation(() => CommandPayload, { description: 'Of what somebody else wanted: it is in force from then on.' })
  @AsksCommand('ConfirmPublication')
  confirmPublication(
    @Args('input') { organizationId, ...input }: ConfirmPublicationInput,
    @Context() context: GraphContext,
  ) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'ConfirmPublication', ...input }, context);
  }

  @Mutation(() => CommandPayload, { description: 'Ends what waits; whoever wanted it takes it back so.' })
  @AsksCommand('RejectPublication')
  rejectPublication(
    @Args('input') { organizationId, ...input }: RejectPublicationInput,
    @Context() context: GraphContext,
  ) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'RejectPublication', ...input }, context);
  }
}
