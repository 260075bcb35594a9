import { DecisionId, type Instant, type TeamId } from '@countersign/kernel';
import { DecisionRecords, type DecisionRecord, type LaterEvent } from '@countersign/surface';
import { Args, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Asks } from '../rights/asks.ts';
import { readsArgsOf, seesAgentsOf } from '../rights/sight.ts';
import { DecisionType, type DecisionEventType } from './decision.types.ts';
import { OrganizationType } from './organization.types.ts';

@Resolver(() => OrganizationType)
export class DecisionResolver {
  constructor(private readonly records: DecisionRecords) {}

  @ResolveField(() => DecisionType, { nullable: true })
  @Asks({
    right: 'teams:read',
    narrows:
      'null for a decision that is absent, erased, or of an agent that was not in a team that the caller may read',
  })
  async decision(
    @Parent() { view }: OrganizationType,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<DecisionType | null> {
    const read = DecisionId.safeParse(id);
    const record = read.success ? await this.records.find(view.organizationId, read.data) : null;
    if (!record || record.isErased) return null;
    // Copied into the decision at its time: an agent that moved takes nothing along.
    const teamId = record.decision.team.id as TeamId;
    return seesAgentsOf(view, teamId) ? decisionNode(record, readsArgsOf(view, teamId)) : null;
  }
}

function decisionNode(
  { decision, after }: Extract<DecisionRecord, { isErased: false }>,
  hasArgs: boolean,
): DecisionType {
  const { id, position, decidedAt, verdict, intent, target, agent, team, run, user, reasons, action } = decision;
  return {
    id,
    position,
    decidedAt: Date.parse(decidedAt) as Instant,
    verdict,
    intent,
    target,
    agent,
    team,
    run,
    user,
    reasons,
    hasArgs,
    args: hasArgs ? (action.args ?? null) : null,
    after: after.map((event) => eventNode(event, hasArgs)),
  };
}

const eventNode = ({ type, position, recordedAt, by, data }: LaterEvent, hasArgs: boolean): DecisionEventType => ({
  type,
  position,
  recordedAt: Date.parse(recordedAt) as Instant,
  by,
  data: hasArgs ? data : null,
});
