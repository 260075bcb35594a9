import { activeMember, type Member } from '@countersign/identity';
import { OrganizationId, type AgentId, type MemberId, type PublicationId, type TeamId } from '@countersign/kernel';
import { BudgetList, MembershipRows, openInvitations } from '@countersign/surface';
import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphContext } from '../request/graph-context.ts';
import { Views, type View } from '../request/views.ts';
import { Asks, type FieldCall } from '../rights/asks.ts';
import {
  seesAgent,
  seesAgentsOf,
  seesMember,
  seesPolicy,
  seesPublication,
  seesSpend,
  seesStop,
  seesTeam,
} from '../rights/sight.ts';
import { pageOf, PageArgs } from '../schema/connection.ts';
import {
  AgentConnection,
  AgentType,
  BudgetConnection,
  PolicyConnection,
  PolicyType,
  PublicationConnection,
  PublicationType,
  StopConnection,
} from './inventory.types.ts';
import {
  agentNode,
  budgetNode,
  invitationNode,
  memberNode,
  organizationNode,
  policyNode,
  publicationNode,
  stopNode,
  teamNode,
} from './nodes.ts';
import {
  InvitationConnection,
  MemberConnection,
  MemberType,
  OrganizationType,
  TeamConnection,
  TeamType,
} from './organization.types.ts';

/** The id of an organization in an argument; null for what is none. */
export const organizationIn = (id: unknown): OrganizationId | null => {
  const read = OrganizationId.safeParse(id);
  return read.success ? read.data : null;
};

const narrowed = (narrows: string) => ({ right: 'teams:read', narrows }) as const;

@Resolver(() => OrganizationType)
export class OrganizationResolver {
  constructor(
    private readonly views: Views,
    private readonly memberships: MembershipRows,
    private readonly budgetList: BudgetList,
  ) {}

  @Query(() => OrganizationType)
  @Asks({
    right: null,
    of: 'members',
    in: ({ args }: FieldCall<never, { id: string }>) => organizationIn(args.id),
    why: 'whoever belongs to an organization may know that it is there; its fields show what else',
  })
  async organization(
    @Args('id', { type: () => ID }) id: string,
    @Context() context: GraphContext,
  ): Promise<OrganizationType> {
    return organizationNode(await this.views.of(organizationIn(id) as OrganizationId, context));
  }

  @Query(() => [OrganizationType], { description: 'Those that the caller belongs to.' })
  @Asks({ right: null, of: 'signed-in', why: 'tells callers where they belong' })
  async organizations(@Context() context: GraphContext): Promise<readonly OrganizationType[]> {
    const memberships = await this.memberships.of(context.signedIn?.userId ?? '');
    const standings = await Promise.all(
      memberships.map(async ({ organizationId }) => ({
        organizationId,
        standing: await context.standingIn(organizationId),
      })),
    );
    const own = standings.filter(({ standing }) => standing.kind === 'member');
    return Promise.all(
      own.map(async ({ organizationId }) => organizationNode(await this.views.of(organizationId, context))),
    );
  }

  @ResolveField(() => MemberType, { description: 'What the caller is here.' })
  viewer(@Parent() { view }: OrganizationType): MemberType {
    const { standing, state } = view;
    const member = standing.kind === 'member' ? activeMember(state, standing.memberId) : undefined;
    if (!member) throw new Error('an organization was shown to nobody');
    return memberNode(view, member);
  }

  @ResolveField(() => TeamConnection)
  @Asks(narrowed('teams that the caller may read'))
  teams(@Parent() { view }: OrganizationType, @Args() page: PageArgs) {
    const seen = [...view.state.teams.keys()].filter((teamId) => seesTeam(view, teamId));
    return pageOf(seen, page, { key: (teamId) => teamId, node: (teamId) => teamNode(view, teamId) });
  }

  @ResolveField(() => TeamType, { nullable: true })
  @Asks(narrowed("null for a team that is absent, or not the caller's to read"))
  team(@Parent() { view }: OrganizationType, @Args('id', { type: () => ID }) id: string): TeamType | null {
    const isSeen = view.state.teams.has(id as TeamId) && seesTeam(view, id as TeamId);
    return isSeen ? teamNode(view, id as TeamId) : null;
  }

  @ResolveField(() => MemberConnection)
  @Asks(narrowed('members of teams that the caller may read, and the caller'))
  members(@Parent() { view }: OrganizationType, @Args() page: PageArgs) {
    const seen = membersOf(view).filter((member) => seesMember(view, member));
    return pageOf(seen, page, { key: ({ memberId }) => memberId, node: (member) => memberNode(view, member) });
  }

  @ResolveField(() => MemberType, { nullable: true })
  @Asks(narrowed('null for a member that is absent, or of no team that the caller may read'))
  member(@Parent() { view }: OrganizationType, @Args('id', { type: () => ID }) id: string): MemberType | null {
    const member = activeMember(view.state, id as MemberId);
    return member && seesMember(view, member) ? memberNode(view, member) : null;
  }

  @ResolveField(() => InvitationConnection, { description: 'Those that are open.' })
  @Asks({
    right: 'organization:manage',
    on: ({ parent }: FieldCall<OrganizationType>) => ({
      kind: 'organization',
      organizationId: parent.view.organizationId,
    }),
  })
  invitations(@Parent() { view }: OrganizationType, @Args() page: PageArgs) {
    const open = openInvitations(view.state, view.now);
    return pageOf(open, page, {
      key: ({ invitationId }) => invitationId,
      node: (invitation) => invitationNode(view, invitation),
    });
  }

  @ResolveField(() => AgentConnection)
  @Asks(narrowed('agents of teams that the caller may read'))
  agents(@Parent() { view }: OrganizationType, @Args() page: PageArgs) {
    const seen = [...view.state.agents.values()].filter(({ teamId }) => seesAgentsOf(view, teamId));
    return pageOf(seen, page, { key: ({ agentId }) => agentId, node: (agent) => agentNode(view, agent) });
  }

  @ResolveField(() => AgentType, { nullable: true })
  @Asks(narrowed("null for an agent that is absent, or not the caller's to read"))
  agent(@Parent() { view }: OrganizationType, @Args('id', { type: () => ID }) id: string): AgentType | null {
    const agent = view.state.agents.get(id as AgentId);
    return agent && seesAgent(view, agent.agentId) ? agentNode(view, agent) : null;
  }

  @ResolveField(() => PolicyConnection)
  @Asks(narrowed('for who neither drafts nor reads everything, what is in force for agents that they may read'))
  policies(@Parent() { view }: OrganizationType, @Args() page: PageArgs) {
    const seen = [...view.state.policies.values()].filter(({ name }) => seesPolicy(view, name));
    return pageOf(seen, page, { key: ({ name }) => name, node: (policy) => policyNode(view, policy) });
  }

  @ResolveField(() => PolicyType, { nullable: true })
  @Asks(narrowed("null for a policy that is absent, or not the caller's to read"))
  policy(@Parent() { view }: OrganizationType, @Args('name') name: string): PolicyType | null {
    const policy = view.state.policies.get(name as never);
    return policy && seesPolicy(view, name) ? policyNode(view, policy) : null;
  }

  @ResolveField(() => PublicationConnection, { description: 'Changes of policies that wait for a second person.' })
  @Asks(narrowed('for who neither drafts nor reads everything, what they may confirm or reject'))
  publications(@Parent() { view }: OrganizationType, @Args() page: PageArgs) {
    const seen = [...view.state.publications.values()].filter((publication) => seesPublication(view, publication));
    return pageOf(seen, page, {
      key: ({ publicationId }) => publicationId,
      node: (publication) => publicationNode(view, publication),
    });
  }

  @ResolveField(() => PublicationType, { nullable: true })
  @Asks(narrowed("null for what waits no longer, or is not the caller's to read"))
  publication(
    @Parent() { view }: OrganizationType,
    @Args('id', { type: () => ID }) id: string,
  ): PublicationType | null {
    const publication = view.state.publications.get(id as PublicationId);
    return publication && seesPublication(view, publication) ? publicationNode(view, publication) : null;
  }

  @ResolveField(() => BudgetConnection, { description: 'Windows that run now.' })
  @Asks(narrowed('spend of agents and teams that the caller may read'))
  async budgets(@Parent() { view }: OrganizationType, @Args() page: PageArgs) {
    const lines = (await this.budgetList.lines(view.organizationId, false)).filter((line) => seesSpend(view, line));
    return pageOf(lines, page, {
      key: ({ policy, budget, scope, instance, windowStart }) =>
        [policy, budget, scope, instance, windowStart].join(' '),
      node: budgetNode,
    });
  }

  @ResolveField(() => StopConnection, { description: 'Those in force.' })
  @Asks(narrowed('stops that cover everybody, or agents that the caller may read'))
  stops(@Parent() { view }: OrganizationType, @Args() page: PageArgs) {
    const seen = [...view.state.stops.values()].filter(({ scope }) => seesStop(view, scope));
    return pageOf(seen, page, { key: ({ stopId }) => stopId, node: (stop) => stopNode(view, stop) });
  }
}

const membersOf = ({ state }: View): readonly Member[] =>
  [...state.members.values()].filter(({ status }) => status === 'active');
