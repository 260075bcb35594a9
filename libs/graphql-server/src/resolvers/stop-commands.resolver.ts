import { OrganizationId } from '@countersign/kernel';
import { Args, Context, Field, ID, InputType, Mutation, Resolver } from '@nestjs/graphql';
import { GraphCommands } from '../request/graph-commands.ts';
import type { GraphContext } from '../request/graph-context.ts';
import { AsksCommand } from '../rights/asks-command.ts';
import { CommandPayload, OrganizationInput, StopScopeInput } from './commands.types.ts';

@InputType('PlaceStopInput')
export class PlaceStopInput extends OrganizationInput {
  @Field(() => StopScopeInput)
  readonly scope!: StopScopeInput;

  @Field(() => String, { nullable: true })
  readonly reason?: string | null;
}

@InputType('LiftStopInput')
export class LiftStopInput extends OrganizationInput {
  @Field(() => ID)
  readonly stopId!: string;

  @Field(() => String, { nullable: true })
  readonly reason?: string | null;
}

/** The kill switch. */
@Resolver()
export class StopCommandsResolver {
  constructor(private readonly commands: GraphCommands) {}

  @Mutation(() => CommandPayload)
  @AsksCommand('PlaceStop')
  placeStop(@Args('input') { organizationId, ...input }: PlaceStopInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'PlaceStop', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('LiftStop')
  liftStop(@Args('input') { organizationId, ...input }: LiftStopInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'LiftStop', ...input }, context);
  }
}
