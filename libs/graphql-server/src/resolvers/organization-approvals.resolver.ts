import { findAgent } from '@countersign/agents';
import { barOf, type ApprovalStatus, type Grant, type GrantStatus } from '@countersign/approvals';
import { refuse } from '@countersign/http';
import { findTeam } from '@countersign/identity';
import { ApprovalId, GrantId, type AgentId } from '@countersign/kernel';
import {
  ApprovalElectorates,
  ApprovalList,
  GrantRows,
  isPlace,
  placeOf,
  type ApprovalOrder,
  type SeenApproval,
} from '@countersign/surface';
import { Args, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { View } from '../request/views.ts';
import { Asks } from '../rights/asks.ts';
import { queuesOf, seesApproval, seesGrant } from '../rights/sight.ts';
import { assertSize, cursorOf, keyOf } from '../schema/connection.ts';
import { approvalNode, grantNode, grantState } from './approval-nodes.ts';
import { ApprovalConnection, ApprovalsArgs, ApprovalType } from './approval.types.ts';
import { GrantConnection, GrantsArgs, GrantType } from './grant.types.ts';
import { OrganizationType } from './organization.types.ts';

const narrowed = (narrows: string) => ({ right: 'teams:read', narrows }) as const;

const STATES: readonly ApprovalStatus[] = [
  ...(['pending', 'approved', 'denied', 'expired', 'cancelled', 'taken', 'withdrawn', 'lapsed'] as const),
];
const GRANT_STATES: readonly GrantStatus[] = ['standing', 'used_up', 'revoked', 'lapsed'];
const ORDERS: readonly ApprovalOrder[] = ['newest', 'deadline'];

/** So many grants are looked through for one page. */
const GRANTS_SCANNED = 1_000;

/** What waits for people, what waited, and what they gave. */
@Resolver(() => OrganizationType)
export class OrganizationApprovalsResolver {
  constructor(
    private readonly list: ApprovalList,
    private readonly electorates: ApprovalElectorates,
    private readonly grantRows: GrantRows,
  ) {}

  @ResolveField(() => ApprovalType, { nullable: true })
  @Asks(narrowed('null for an approval that is absent, or of no team or queue that the caller may read'))
  async approval(
    @Parent() { view }: OrganizationType,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ApprovalType | null> {
    const read = ApprovalId.safeParse(id);
    const seen = read.success ? await this.list.find(view, read.data) : null;
    return seen && seesApproval(view, seen.approval) ? approvalNode(view, seen) : null;
  }

  @ResolveField(() => ApprovalConnection)
  @Asks(narrowed('approvals of agents and in queues of teams that the caller may read'))
  async approvals(@Parent() { view }: OrganizationType, @Args() args: ApprovalsArgs) {
    const wish = wishOf(args);
    const agentId = agentIn(view, args.agent);
    if (agentId === null) return emptyPage;
    const page = await this.list.page(view, {
      ...{ ...wish, agentId },
      narrow: (seen) => this.#narrow(view, args, seen),
    });
    const edges = page.seen.map((seen) => ({
      node: approvalNode(view, seen),
      cursor: cursorOf(placeOf(wish.order, seen.approval)),
    }));
    return { edges, pageInfo: { hasNextPage: page.hasNext, endCursor: page.end && cursorOf(page.end) } };
  }

  @ResolveField(() => GrantType, { nullable: true })
  @Asks(narrowed('null for a grant that is absent, or of no team that the caller may read'))
  async grant(
    @Parent() { view }: OrganizationType,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<GrantType | null> {
    const read = GrantId.safeParse(id);
    const grant = read.success ? await this.grantRows.one(view.organizationId, read.data) : null;
    return grant && seesGrant(view, grant) ? grantNode(view, grant) : null;
  }

  @ResolveField(() => GrantConnection, { description: 'The latest first.' })
  @Asks(narrowed('grants for agents, or by teams, that the caller may read'))
  async grants(@Parent() { view }: OrganizationType, @Args() args: GrantsArgs) {
    const state = optional('state', GRANT_STATES, args.state);
    assertSize(args);
    const agentId = agentIn(view, args.agent);
    if (agentId === null) return emptyPage;
    const filter = { agentId, statuses: state && recordedAs(state) };
    const page = { before: grantPlaceIn(args.after), limit: GRANTS_SCANNED };
    const rows = await this.grantRows.newest(view.organizationId, filter, page);
    return grantPage(view, args, rows);
  }

  async #narrow(
    view: View,
    { team, decidable }: ApprovalsArgs,
    all: readonly SeenApproval[],
  ): Promise<readonly SeenApproval[]> {
    const teamId = team ? findTeam(view.state, team)?.teamId : undefined;
    if (team && !teamId) return [];
    const seen = all.filter(
      ({ approval }) => seesApproval(view, approval) && (!teamId || queuesOf(view, approval).includes(teamId)),
    );
    return decidable ? this.#decidable(view, seen) : seen;
  }

  /** What waits for the caller: they may decide it, and have not. */
  async #decidable({ standing, ...look }: View, all: readonly SeenApproval[]): Promise<readonly SeenApproval[]> {
    if (standing.kind !== 'member') return [];
    const { memberId, tokenRights } = standing;
    if (tokenRights !== null && !tokenRights.includes('approvals:decide')) return [];
    const waiting = all.filter(
      ({ approval, status }) => status === 'pending' && !approval.votes.some(({ by }) => by === memberId),
    );
    const deciding = await this.electorates.of(
      look,
      waiting.map(({ approval }) => approval),
    );
    return waiting.filter(({ approval }) => {
      const known = deciding.get(approval.approvalId);
      return known !== undefined && barOf(memberId, approval, known) === null;
    });
  }
}

/** What is asked for, read. @throws {ProblemAnswer} 400 naming the argument. */
function wishOf({ order: given, state, first, after }: ApprovalsArgs) {
  const order = oneOf('order', ORDERS, given);
  const status = optional('state', STATES, state);
  assertSize({ first });
  if (order === 'deadline' && status !== undefined && status !== 'pending')
    throw invalid('state', 'must be `pending` or left out: `order: deadline` shows what waits');
  return { order, status, first, after: placeIn(order, after) };
}

/** Undefined for every agent, and null for one that is not there. */
function agentIn({ state }: View, agent: string | null | undefined): AgentId | null | undefined {
  if (agent === null || agent === undefined) return undefined;
  return findAgent(state, agent)?.agentId ?? null;
}

function grantPage(view: View, { state, first }: GrantsArgs, rows: readonly Grant[]) {
  const wanted = (grant: Grant) => !state || grantState(grant, view) === state;
  const shown = rows.filter((grant) => seesGrant(view, grant) && wanted(grant));
  const taken = shown.slice(0, first);
  const isCut = shown.length > taken.length;
  const last = (isCut ? taken : rows).at(-1);
  return {
    edges: taken.map((grant) => ({ node: grantNode(view, grant), cursor: cursorOf(grant.grantId) })),
    pageInfo: {
      hasNextPage: isCut || rows.length === GRANTS_SCANNED,
      endCursor: last ? cursorOf(last.grantId) : null,
    },
  };
}

const emptyPage = { edges: [], pageInfo: { hasNextPage: false, endCursor: null } };

/** A grant whose time is over stands in its row until somebody records it. */
const recordedAs = (state: GrantStatus): readonly GrantStatus[] =>
  state === 'lapsed' ? ['lapsed', 'standing'] : [state];

const invalid = (argument: string, words: string) =>
  refuse(400, 'graphql.invalid', 'Invalid query', `\`${argument}\` ${words}`);

function oneOf<Word extends string>(argument: string, words: readonly Word[], given: string): Word {
  const word = words.find((each) => each === given);
  if (word === undefined) throw invalid(argument, `must be one of ${words.join(', ')}`);
  return word;
}

const optional = <Word extends string>(
  argument: string,
  words: readonly Word[],
  given: string | null | undefined,
): Word | undefined => (given === null || given === undefined ? undefined : oneOf(argument, words, given));

/** @throws {ProblemAnswer} 400 for what no page of this order answered. */
function placeIn(order: ApprovalOrder, cursor: string | null | undefined): string | null {
  if (cursor === null || cursor === undefined) return null;
  const place = keyOf(cursor);
  if (!isPlace(order, place)) throw invalid('after', 'must be a cursor of a page in the same order');
  return place;
}

function grantPlaceIn(cursor: string | null | undefined): string | null {
  if (cursor === null || cursor === undefined) return null;
  const read = GrantId.safeParse(keyOf(cursor));
  if (!read.success) throw invalid('after', 'must be a cursor of a page');
  return read.data;
}
