import { parseAmount, type AgentId, type Instant } from '@countersign/kernel';
import { compileActionClass, type EvaluationInput } from '@countersign/policy';
import type { ApprovalEvent, ApprovalEventOf } from './approval.events.ts';
import { electorsFor, isMetBy, type Electorate } from './electorate.ts';
import { wantsPeopleEveryTime } from './grant.giving.ts';
import type { Grant } from './grant.state.ts';
import type { PermitCode } from './permit.codes.ts';
import type { BudgetAsk } from './requirement.ts';

/** What a grant rests on, as it is now. */
export interface GrantGround {
  /** Who may decide about the actions of the grant's agent. */
  readonly electorate: Electorate;
  /** Today's asking rules for that agent, as `askingRulesOf` says them. */
  readonly standingRules: ReadonlySet<string>;
  /** Whether a stop covers the agent, or any of the actions that the grant is for. */
  readonly isStopped: boolean;
}

type Lapse = ApprovalEventOf<'GrantLapsed'>['why'];

/** Why a grant that stands in its row must not stand any more, or null. Judged at every use, and recorded by a sweep. */
export function lapseOf(
  grant: Grant,
  { electorate, standingRules, isStopped }: GrantGround,
  at: Instant,
): Lapse | null {
  if (at >= grant.expiresAt) return 'time';
  if (isStopped) return 'stop';
  if (grant.rules.some((rule) => !standingRules.has(rule))) return 'rule';
  return hasLostGiver(grant, electorate) ? 'giver' : null;
}

/** Any one of them: the others gave it together with somebody whose word no longer counts. */
function hasLostGiver(grant: Grant, electorate: Electorate): boolean {
  return grant.counted.some(({ teams, members }) => {
    // Asked as of a queue that is too short: an owner who stepped in keeps the right while an owner.
    const electors = electorsFor({ teams, quorum: Infinity }, grant, electorate);
    return members.some((member) => !electors.has(member));
  });
}

/**
 * The lapses to record now, for the grants given. `groundOf` is asked once for each that stands. Whatever changes
 * people, policies or stops appends them in its own transaction; a sweep finds those whose time is over.
 */
export function lapsedGrants(
  grants: Iterable<Grant>,
  groundOf: (grant: Grant) => GrantGround,
  at: Instant,
): readonly ApprovalEvent[] {
  const lapsed: ApprovalEvent[] = [];
  for (const grant of grants) {
    const why = grant.status === 'standing' ? lapseOf(grant, groundOf(grant), at) : null;
    if (why) lapsed.push({ type: 'GrantLapsed', data: { grantId: grant.grantId, why, lapsedAt: at } });
  }
  return lapsed;
}

/** An action that was judged `ask`, as a grant would have to cover it. */
export interface CoverQuestion {
  readonly agentId: AgentId;
  readonly input: EvaluationInput;
  /** Whom the action asks; `team` null never occurs here. */
  readonly requirements: readonly {
    readonly team: string;
    readonly quorum: number;
    readonly neverAutoApprove: boolean;
  }[];
  readonly budgets: readonly BudgetAsk[];
  /** The rules that asked, as `rulesThatAsked` says them. */
  readonly rules: readonly string[] | null;
  /** What the action costs, in nano-USD; null where it does not say, which no grant that is for money covers. */
  readonly nanos: bigint | null;
}

/**
 * The grant that lets an asked action pass, or null: of those that cover it the one that ends first. Only for what was
 * judged `ask`: nothing turns a block. The caller records the use in the decision's own event (`useGrant`).
 */
export function grantCovering(
  question: CoverQuestion,
  grants: Iterable<Grant>,
  groundOf: (grant: Grant) => GrantGround,
  at: Instant,
): Grant | null {
  if (wantsPeopleEveryTime(question)) return null;
  const standing = [...grants].filter(({ agentId, status }) => agentId === question.agentId && status === 'standing');
  const inOrder = standing.sort(
    (one, other) => one.expiresAt - other.expiresAt || (one.grantId < other.grantId ? -1 : 1),
  );
  return inOrder.find((grant) => isCovered(question, grant, groundOf(grant), at)) ?? null;
}

/** The cheap questions first; the condition, which may be dear, last. */
function isCovered(question: CoverQuestion, grant: Grant, ground: GrantGround, at: Instant): boolean {
  if (!isWithin(question, grant) || !isOfItsRules(question, grant) || lapseOf(grant, ground, at) !== null) return false;
  const areMet = question.requirements.every((asked) => isMetBy(asked, grant.counted, grant, ground.electorate));
  return areMet && (compileActionClass(grant).actionClass?.covers(question.input) ?? false);
}

function isWithin({ nanos }: CoverQuestion, { usesLeft, usdLeft, maxUsd }: Grant): boolean {
  if (usesLeft <= 0) return false;
  // Leaving the cost out must not stretch what people gave money for.
  return nanos === null ? parseAmount('usd', maxUsd) === 0n : nanos <= parseAmount('usd', usdLeft);
}

const isOfItsRules = ({ rules }: CoverQuestion, grant: Grant) =>
  rules !== null && rules.every((rule) => grant.rules.includes(rule));

/** What a decision says that passed by a grant. Names no argument of the action. */
export function grantReason({ grantId, pattern, usesLeft }: Grant) {
  const left = usesLeft === 1 ? 'this was its last use' : `${usesLeft - 1} more uses are left`;
  return {
    code: 'grant.used',
    message: `People gave a grant for \`${pattern}\`, and ${left}.`,
    detail: { grantId },
  } as const satisfies { readonly code: PermitCode; readonly message: string; readonly detail: object };
}
