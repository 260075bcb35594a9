import { prefilledTerms, wantsPeopleEveryTime } from '@countersign/approvals';
import { showHidden, showHiddenIn, type JsonValue } from '@countersign/json';
import { parseAmount } from '@countersign/kernel';
import {
  argsOf,
  budgetAfterText,
  isEdited,
  LikeApprovals,
  readDecided,
  StreamRows,
  type ApprovalHistory,
} from '@countersign/surface';
import { Context, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ApprovalLoaders } from '../request/approval-loaders.ts';
import type { GraphContext } from '../request/graph-context.ts';
import { Asks } from '../rights/asks.ts';
import { seesApproval, seesSpend } from '../rights/sight.ts';
import { cardNode, isOpenTo } from './approval-nodes.ts';
import {
  AgentCardType,
  AskedActionType,
  BudgetAfterType,
  LastLikeType,
  PriorDecisionType,
} from './approval-parts.types.ts';
import { ApprovalType } from './approval.types.ts';
import { ReasonType } from './decision.types.ts';
import { GrantTermsType } from './grant.types.ts';
import { mayDecideNow } from './may-decide.ts';
import { personNode } from './nodes.ts';

const withArgs = {
  right: 'args:read',
  narrows: 'null or empty for who may see the approval and not what the action carried',
} as const;
const withAgent = {
  right: 'teams:read',
  narrows: "for the agent's team; for the queue's while it is pending or its permit waits, then null or empty",
} as const;

/** An agent's last decisions, as many as fit on a screen. */
const BEFORE_MAX = 20;

/** What people decide about. */
@Resolver(() => ApprovalType)
export class ApprovalActionResolver {
  constructor(
    private readonly loaders: ApprovalLoaders,
    private readonly like: LikeApprovals,
    private readonly streams: StreamRows,
  ) {}

  @ResolveField(() => AgentCardType, { nullable: true })
  @Asks(withAgent)
  agent(@Parent() { view, seen }: ApprovalType): AgentCardType | null {
    return cardNode(view, seen);
  }

  @ResolveField(() => AskedActionType, { nullable: true, description: 'Null, too, once it was erased.' })
  @Asks(withArgs)
  async action(@Parent() approval: ApprovalType, @Context() context: GraphContext): Promise<AskedActionType | null> {
    return approval.hasArgs ? actionNode(await this.loaders.history(approval, context)) : null;
  }

  @ResolveField(() => [ReasonType], { description: 'Which rules of which policy versions asked, and in which words.' })
  async reasons(@Parent() approval: ApprovalType, @Context() context: GraphContext): Promise<readonly ReasonType[]> {
    const { asked } = await this.loaders.history(approval, context);
    return asked?.decided.reasons ?? [];
  }

  @ResolveField(() => [BudgetAfterType], { description: 'What it leaves of each budget that counts it.' })
  @Asks({ right: 'teams:read', narrows: 'all for who may decide it; for others the spend that they may read' })
  async budgets(
    @Parent() approval: ApprovalType,
    @Context() context: GraphContext,
  ): Promise<readonly BudgetAfterType[]> {
    const [budgets, deciding] = await Promise.all([
      this.loaders.budgets(approval, context),
      this.loaders.deciding(approval, context),
    ]);
    const isJudge = mayDecideNow(approval, deciding) === null;
    return budgets.filter(({ address }) => isJudge || seesSpend(approval.view, address)).map(budgetAfterText);
  }

  @ResolveField(() => [PriorDecisionType], { description: `The last ${BEFORE_MAX} of the agent before it.` })
  @Asks(withAgent)
  async before(
    @Parent() approval: ApprovalType,
    @Context() context: GraphContext,
  ): Promise<readonly PriorDecisionType[]> {
    const { view, seen } = approval;
    const { asked } = await this.loaders.history(approval, context);
    if (!asked || !isOpenTo(view, seen.approval, seen.status)) return [];
    const wanted = { agentId: seen.approval.agentId, position: asked.position, limit: BEFORE_MAX };
    const events = await this.streams.decisionsBefore(view.organizationId, wanted);
    return events.map(({ content, position, recordedAt }) => {
      const { decisionId: id, verdict, action } = readDecided(content?.payload ?? '');
      const { intent, target, run = null, user = null } = action;
      return {
        ...{ id, position, decidedAt: recordedAt, verdict, intent, target: showHidden(target) },
        run: run && showHidden(run),
        user: user && showHidden(user),
      };
    });
  }

  @ResolveField(() => LastLikeType, {
    nullable: true,
    description: 'The last that people approved of the same agent and intent, and what is different now.',
  })
  @Asks(withArgs)
  async lastLike(@Parent() approval: ApprovalType, @Context() context: GraphContext): Promise<LastLikeType | null> {
    const { view, seen, hasArgs } = approval;
    if (!hasArgs) return null;
    const history = await this.loaders.history(approval, context);
    const found = await this.like.last(view, seen.approval, history);
    if (!found || !seesApproval(view, found.approval)) return null;
    const { approvalId, status: state, openedAt, settledBy } = found.approval;
    const differences = found.differences.map(({ path, before, now }) => ({
      path: showHidden(path),
      before: shown(before),
      now: shown(now),
    }));
    return { approvalId, state, openedAt, settledBy: personNode(view, settledBy), differences };
  }

  @ResolveField(() => [ID], { description: 'What waits and asks exactly the same of the same teams, itself included.' })
  @Asks(withArgs)
  async alikeIds(@Parent() approval: ApprovalType, @Context() context: GraphContext): Promise<readonly string[]> {
    const { view, seen, hasArgs } = approval;
    if (!hasArgs || seen.status !== 'pending') return [];
    const history = await this.loaders.history(approval, context);
    const alike = await this.like.alike(view, seen.approval, history);
    return alike.filter((each) => seesApproval(view, each)).map(({ approvalId }) => approvalId);
  }

  @ResolveField(() => GrantTermsType, {
    nullable: true,
    description:
      'The grant to offer first: this action as it is, numbers as upper bounds. Null where none can be given.',
  })
  @Asks(withArgs)
  async prefilledGrant(
    @Parent() approval: ApprovalType,
    @Context() context: GraphContext,
  ): Promise<GrantTermsType | null> {
    const { seen, hasArgs } = approval;
    const isOffered = seen.status === 'pending' && !wantsPeopleEveryTime(seen.approval);
    return hasArgs && isOffered ? offerIn(await this.loaders.history(approval, context)) : null;
  }
}

function offerIn(history: ApprovalHistory): GrantTermsType | null {
  if (!history.asked || isHidden(history)) return null;
  const { action, price } = history.asked.decided;
  const nanos = parseAmount('usd', price?.usd ?? '0');
  return prefilledTerms({ intent: action.intent, target: action.target, args: argsOf(history) ?? {}, nanos });
}

const isHidden = ({ asked }: ApprovalHistory) => (asked?.decided.redacted ?? []).some((path) => path !== 'reason');

const shown = (value: JsonValue | undefined) => (value === undefined ? null : showHiddenIn(value).value);

/** Named as the agent named them, so that a path of what was hidden says where to look. */
type Carried = Readonly<Record<'args' | 'cost' | 'context' | 'tags', unknown>> &
  Readonly<Record<'run' | 'user' | 'reason', string | null>>;

function actionNode(history: ApprovalHistory): AskedActionType | null {
  if (!history.asked) return null;
  const { action, price, redacted } = history.asked.decided;
  const argsAsSent = argsOf(history);
  const nothing: Carried = { args: null, cost: null, context: null, tags: [], run: null, user: null, reason: null };
  const { value, paths } = showHiddenIn(JSON.parse(JSON.stringify({ ...action, args: argsAsSent })) as JsonValue);
  const { args, cost, context, tags, run, user, reason } = { ...nothing, ...(value as unknown as Partial<Carried>) };
  return {
    ...{ args, argsAsSent, cost, context, run, user, reason },
    tags: tags as readonly string[],
    isEdited: isEdited(history),
    usd: price?.usd ?? null,
    hidden: paths,
    redacted: redacted ?? [],
  };
}
