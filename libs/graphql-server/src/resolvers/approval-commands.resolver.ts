import { OrganizationId } from '@countersign/kernel';
import { WireApprovalCommand } from '@countersign/surface';
import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { GraphApprovals } from '../request/graph-approvals.ts';
import type { GraphContext } from '../request/graph-context.ts';
import { readInput, withoutNulls } from '../request/read-input.ts';
import { AsksCommand } from '../rights/asks-command.ts';
import {
  ApprovalInput,
  ApprovalPayload,
  AskAgentInput,
  CommentOnApprovalInput,
  DecideApprovalInput,
  DecideApprovalsInput,
  DecideApprovalsPayload,
  EditApprovalInput,
  RevokeGrantInput,
  WithdrawApprovalInput,
} from './approval-commands.types.ts';
import { CommandPayload, OrganizationInput } from './commands.types.ts';

type About = Exclude<WireApprovalCommand['type'], 'RevokeGrant'>;
type WireOf<Type> = Extract<WireApprovalCommand, { type: Type }>;

const wireOf = <Type extends WireApprovalCommand['type']>(type: Type, input: object): WireOf<Type> =>
  readInput(WireApprovalCommand, { type, ...input }) as WireOf<Type>;

/** More at once nobody answers with care. */
const ANSWERS_MAX = 100;
const words = `must be a list of 1 to ${ANSWERS_MAX}`;
const Several = z.object({ approvals: z.array(z.unknown(), words).min(1, words).max(ANSWERS_MAX, words) });

/** What people do about approvals. */
@Resolver()
export class ApprovalCommandsResolver {
  constructor(private readonly approvals: GraphApprovals) {}

  @Mutation(() => ApprovalPayload, { description: 'Approves or denies; a later answer stands in place of an earlier.' })
  @AsksCommand('DecideApproval')
  decideApproval(@Args('input') { grant, ...input }: DecideApprovalInput, @Context() context: GraphContext) {
    const whole = { ...input, grant: grant && withoutNulls(grant) };
    return this.#run('DecideApproval', whole, context);
  }

  @Mutation(() => DecideApprovalsPayload, { description: 'One answer to several approvals that ask the same.' })
  @AsksCommand('DecideApproval')
  decideApprovals(
    @Args('input') { organizationId, approvals, ...answer }: DecideApprovalsInput,
    @Context() context: GraphContext,
  ) {
    readInput(Several, { approvals });
    const answers = approvals.map((each) => wireOf('DecideApproval', { ...answer, ...each }));
    return this.approvals.decideAll(OrganizationId.parse(organizationId), answers, context);
  }

  @Mutation(() => ApprovalPayload, { description: 'Takes an approval of the caller back, while it is pending.' })
  @AsksCommand('RetractVote')
  retractVote(@Args('input') input: ApprovalInput, @Context() context: GraphContext) {
    return this.#run('RetractVote', input, context);
  }

  @Mutation(() => ApprovalPayload, {
    description: 'Approves with other arguments: other votes are cleared, and the action is decided again.',
  })
  @AsksCommand('EditApproval')
  editApproval(@Args('input') input: EditApprovalInput, @Context() context: GraphContext) {
    return this.#run('EditApproval', input, context);
  }

  @Mutation(() => ApprovalPayload, { description: 'Says that the caller sees to it.' })
  @AsksCommand('ClaimApproval')
  claimApproval(@Args('input') input: ApprovalInput, @Context() context: GraphContext) {
    return this.#run('ClaimApproval', input, context);
  }

  @Mutation(() => ApprovalPayload)
  @AsksCommand('UnclaimApproval')
  unclaimApproval(@Args('input') input: ApprovalInput, @Context() context: GraphContext) {
    return this.#run('UnclaimApproval', input, context);
  }

  @Mutation(() => ApprovalPayload)
  @AsksCommand('CommentOnApproval')
  commentOnApproval(@Args('input') input: CommentOnApprovalInput, @Context() context: GraphContext) {
    return this.#run('CommentOnApproval', input, context);
  }

  @Mutation(() => ApprovalPayload, { description: 'Asks the agent a question about its action.' })
  @AsksCommand('AskAgent')
  askAgent(@Args('input') input: AskAgentInput, @Context() context: GraphContext) {
    return this.#run('AskAgent', input, context);
  }

  @Mutation(() => ApprovalPayload, { description: 'Takes back what was approved, until the agent has taken it.' })
  @AsksCommand('WithdrawApproval')
  withdrawApproval(@Args('input') input: WithdrawApprovalInput, @Context() context: GraphContext) {
    return this.#run('WithdrawApproval', input, context);
  }

  @Mutation(() => CommandPayload)
  @AsksCommand('RevokeGrant')
  revokeGrant(@Args('input') { organizationId, ...input }: RevokeGrantInput, @Context() context: GraphContext) {
    return this.approvals.revokeGrant(OrganizationId.parse(organizationId), wireOf('RevokeGrant', input), context);
  }

  #run(type: About, { organizationId, ...input }: OrganizationInput & object, context: GraphContext) {
    return this.approvals.run(OrganizationId.parse(organizationId), wireOf(type, input), context);
  }
}
