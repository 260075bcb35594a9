import {
  findEqualAsk,
  grantCovering,
  grantReason,
  PENDING_MAX,
  tooManyPending,
  type Approval,
  type CoverQuestion,
  type Grant,
  type GrantGround,
} from '@countersign/approvals';
import type { Instant } from '@countersign/kernel';
import { rulesThatAsked, type Stack } from '@countersign/policy';
import type { Action } from './action.ts';
import type { Judgement, Passage } from './decide.ts';
import type { RecordedReason } from './decision.events.ts';
import { inputOf, type Asker, type Judged } from './judge.ts';

/** What becomes of an action that was judged `ask`. */
export type AskSettlement =
  /** People gave a standing permission for it: decide again with this passage. */
  | { readonly kind: 'granted'; readonly grant: Grant; readonly nanos: bigint; readonly passage: Passage }
  /** The very same is asked already: one approval, one permit. */
  | { readonly kind: 'joined'; readonly approval: Approval }
  | { readonly kind: 'opened' }
  | { readonly kind: 'refused'; readonly judgement: Judgement };

/** An asked action as it was judged. */
export interface AskedAction {
  readonly action: Action;
  readonly asker: Asker;
  readonly judged: Judged;
  readonly judgement: Judgement;
  readonly stack: Stack;
}

/** What is read under the lock about the agent that asks, beside what every action is judged by. */
export interface AskFacts {
  /** Those of the agent that wait now: what is due was recorded before. */
  readonly pending: readonly Approval[];
  readonly grants: readonly Grant[];
  readonly groundOf: (grant: Grant) => GrantGround;
  /** The digest of the new action with a given salt. */
  readonly digestOf: (salt: string) => string;
  readonly now: Instant;
}

/** A grant first, because nobody needs to be bothered; then an equal ask that waits; then, if there is room, a new one. */
export function settleAsk(asked: AskedAction, facts: AskFacts): AskSettlement {
  const grant = grantCovering(coverQuestionOf(asked, facts.now), facts.grants, facts.groundOf, facts.now);
  if (grant) return { kind: 'granted', grant, nanos: statedNanos(asked) ?? 0n, passage: passageOf(grant) };

  const equal = findEqualAsk(facts.pending, facts.digestOf);
  if (equal) return { kind: 'joined', approval: equal };
  return tooManyPending(facts.pending) === null
    ? { kind: 'opened' }
    : { kind: 'refused', judgement: withTooMany(asked.judgement) };
}

/** How an action passes by a grant, as it stood before this use. */
export const passageOf = (grant: Grant): Passage => ({
  reason: { ...unwritten, ...grantReason(grant), effect: 'allow' },
  raises: new Map(),
});

const unwritten = { policy: null, version: null, layer: null, rule: null, line: null } as const;

/** The same judgement, of an agent that has as many asks waiting as it may have. */
export const withTooMany = ({ reasons, ...judgement }: Judgement): Judgement => ({
  ...judgement,
  verdict: 'block',
  reasons: [tooMany, ...reasons],
  requirements: [],
  budgetAsks: [],
});

const tooMany: RecordedReason = {
  ...unwritten,
  code: 'approvals.too_many',
  effect: 'block',
  message: `${PENDING_MAX} asks of this agent wait for people already`,
};

function coverQuestionOf(asked: AskedAction, now: Instant): CoverQuestion {
  const { action, asker, judged, judgement, stack } = asked;
  const own = asker.team.name;
  return {
    agentId: asker.agent.agentId,
    input: inputOf(asker, action, judged.metered, now),
    requirements: judgement.requirements.map(({ team, quorum, neverAutoApprove }) => ({
      team: team ?? own,
      quorum,
      neverAutoApprove: neverAutoApprove || judged.evaluation.neverAutoApprove,
    })),
    budgets: judgement.budgetAsks,
    rules: standInRules(judged, stack),
    nanos: statedNanos(asked),
  };
}

/** What asked besides rules of policies, such as a price that nobody knows, nothing can stand in for. */
export const standInRules = ({ metered, evaluation }: Judged, stack: Stack): readonly string[] | null =>
  metered.unknown || evaluation.neverAutoApprove ? null : rulesThatAsked(stack, evaluation.reasons);

/** Null where the action does not say what it costs. */
const statedNanos = ({ judged }: AskedAction): bigint | null => judged.metered.amounts.usd;
