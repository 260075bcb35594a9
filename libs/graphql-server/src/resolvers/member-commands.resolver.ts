import { OrganizationId, type Instant } from '@countersign/kernel';
import { Args, Context, Field, ID, InputType, Mutation, Resolver } from '@nestjs/graphql';
import { GraphCommands, wireTime } from '../request/graph-commands.ts';
import type { GraphContext } from '../request/graph-context.ts';
import { AsksCommand } from '../rights/asks-command.ts';
import { DateTime } from '../schema/scalars.ts';
import { CommandPayload, OrganizationInput, TeamRoleInput } from './commands.types.ts';

@InputType('InviteMemberInput')
export class InviteMemberInput extends OrganizationInput {
  @Field(() => String)
  readonly email!: string;

  @Field(() => String)
  readonly role!: string;

  @Field(() => [TeamRoleInput], { nullable: true })
  readonly teams?: TeamRoleInput[] | null;

  @Field(() => DateTime, { nullable: true })
  readonly expiresAt?: Instant | null;
}

@InputType('RevokeInvitationInput')
export class RevokeInvitationInput extends OrganizationInput {
  @Field(() => ID)
  readonly invitationId!: string;
}

@InputType('ChangeRoleInput')
export class ChangeRoleInput extends OrganizationInput {
  @Field(() => ID)
  readonly memberId!: string;

  @Field(() => String)
  readonly role!: string;
}

@InputType('ChangeTeamRoleInput')
export class ChangeTeamRoleInput extends OrganizationInput {
  @Field(() => ID)
  readonly memberId!: string;

  @Field(() => String)
  readonly team!: string;

  @Field(() => String)
  readonly role!: string;
}

@InputType('RemoveFromTeamInput')
export class RemoveFromTeamInput extends OrganizationInput {
  @Field(() => ID)
  readonly memberId!: string;

  @Field(() => String)
  readonly team!: string;
}

@InputType('RemoveMemberInput')
export class RemoveMemberInput extends OrganizationInput {
  @Field(() => ID)
  readonly memberId!: string;

  @Field(() => String, { nullable: true })
  readonly reason?: string | null;
}

@InputType('LeaveOrganizationInput')
export class LeaveOrganizationInput extends OrganizationInput {}

@InputType('TransferOwnershipInput')
export class TransferOwnershipInput extends OrganizationInput {
  @Field(() => ID)
  readonly to!: string;
}

/** Who belongs to an organization, and as what. */
@Resolver()
export class MemberCommandsResolver {
  constructor(private readonly commands: GraphCommands) {}

  @Mutation(() => CommandPayload)
  @AsksCommand('InviteMember')
  inviteMember(@Args('input') { organizationId, ...input }: InviteMemberInput, @Context() context: GraphContext) {
    return this.commands.run(
      OrganizationId.parse(organizationId),
      { type: 'InviteMember', ...input, expiresAt: wireTime(input.expiresAt) },
      context,
    );
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('RevokeInvitation')
  revokeInvitation(
    @Args('input') { organizationId, ...input }: RevokeInvitationInput,
    @Context() context: GraphContext,
  ) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'RevokeInvitation', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('ChangeRole')
  changeRole(@Args('input') { organizationId, ...input }: ChangeRoleInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'ChangeRole', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('ChangeTeamRole')
  changeTeamRole(@Args('input') { organizationId, ...input }: ChangeTeamRoleInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'ChangeTeamRole', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('RemoveFromTeam')
  removeFromTeam(@Args('input') { organizationId, ...input }: RemoveFromTeamInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'RemoveFromTeam', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('RemoveMember')
  removeMember(@Args('input') { organizationId, ...input }: RemoveMemberInput, @Context() context: GraphContext) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'RemoveMember', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('LeaveOrganization')
  leaveOrganization(
    @Args('input') { organizationId, ...input }: LeaveOrganizationInput,
    @Context() context: GraphContext,
  ) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'LeaveOrganization', ...input }, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('TransferOwnership')
  transferOwnership(
    @Args('input') { organizationId, ...input }: TransferOwnershipInput,
    @Context() context: GraphContext,
  ) {
    return this.commands.run(OrganizationId.parse(organizationId), { type: 'TransferOwnership', ...input }, context);
  }
}
