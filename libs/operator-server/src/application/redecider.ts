import { PENDING_MAX, pendingOf } from '@countersign/approvals';
import { counterKey, createCalendar, type Counter, type Counters } from '@countersign/budgets';
import {
  askedOf,
  decide,
  decideTaking,
  electorateOf,
  judgeAgain,
  passageOf,
  permitReason,
  withTooMany,
  type Action,
  type ActionDecided,
  type Asker,
  type EnforcementState,
  type Facts,
  type Judged,
  type Judgement,
  type TakeDecided,
} from '@countersign/decisions';
import type { Instant } from '@countersign/kernel';
import {
  attachedAt,
  compileStack,
  type AttachedPolicy,
  type ConditionOutcome,
  type Layer,
  type Stack,
} from '@countersign/policy';
import { compileStops } from '@countersign/stops';
import { CompiledPolicies, sumOf } from '@countersign/surface';
import { textOf, type Erased } from './compare-states.ts';

/** How a decision came out when it was decided again from the record. */
export type Redecision =
  | { readonly outcome: 'same' }
  | { readonly outcome: 'different'; readonly recorded: string; readonly redecided: string }
  | { readonly outcome: 'not_covered'; readonly why: string };

/** A decision on an action, or on the take of a permit for one. */
type Decided = ActionDecided | TakeDecided;

export interface RecordedDecision {
  readonly decided: Decided;
  readonly at: Instant;
  readonly erased: Erased;
}

/**
 * Decides recorded actions again (I12), against a state folded from the ledger up to just before each. What was not
 * recorded cannot be judged again, and is said to be not covered.
 */
export class Redecider {
  readonly #compiled = new CompiledPolicies();
  #stacks = new Map<string, Stack>();

  /** To be called whenever the configuration of the state changed. */
  forgetStacks(): void {
    this.#stacks = new Map();
  }

  /** With `erased` money, what the budgets had used is taken from the decision itself: its own figures are all there is. */
  redecide(state: EnforcementState, { decided, at, erased }: RecordedDecision): Redecision {
    const result = this.#redecide(state, decided, at, state.counters);
    if (result.outcome !== 'different') return result;
    if (erased.configuration) return { outcome: 'not_covered', why: 'configuration before it was erased' };
    if (!erased.money) return result;
    const again = this.#redecide(state, decided, at, figuresOf(decided));
    return again.outcome === 'same'
      ? { outcome: 'not_covered', why: 'decisions that its budgets counted were erased' }
      : again;
  }

  #redecide(state: EnforcementState, decided: Decided, at: Instant, counters: Counters): Redecision {
    const asker = askerOf(state, decided);
    if (!asker) return { outcome: 'not_covered', why: 'its agent is not in the ledger before it' };

    const action: Action = { ...decided.action, requestId: 'requestId' in decided ? decided.requestId : '' };
    const stack = this.#stackOf(state, asker, decided.action.user);
    const judged = judgeAgain(stack, asker, action, { now: at, recorded: outcomesOf(decided) });
    if (bookOf(judged.metered.price) !== bookOf(decided.price))
      return { outcome: 'not_covered', why: 'it was priced by another version of the price book' };

    const stops = compileStops(state);
    const calendar = createCalendar(state.organization.get('self')?.zones ?? []);
    const facts: Facts = { now: at, asker, calendar, stops, counters, rates: state.rates };
    const again =
      'takeId' in decided
        ? takenAgain(state, decided, { action, judged, facts })
        : decidedAgain(state, decided, { action, judged, facts });
    return again
      ? compared(decided, again)
      : { outcome: 'not_covered', why: 'its approval is not in the ledger before it' };
  }

  #stackOf(state: EnforcementState, { agent, organizationId }: Asker, user: string | undefined): Stack {
    const key = `${agent.agentId} ${user ?? ''}`;
    const known = this.#stacks.get(key);
    if (known) return known;

    const points: readonly (readonly [Layer, string])[] = [
      ['organization', organizationId],
      ['team', agent.teamId],
      ['agent', agent.agentId],
      ...(user === undefined ? [] : [['user', user] as const]),
    ];
    const stack = compileStack(points.flatMap(([layer, point]) => this.#attached(state, layer, point)));
    this.#stacks.set(key, stack);
    return stack;
  }

  #attached(state: EnforcementState, layer: Layer, point: string): readonly AttachedPolicy[] {
    return attachedAt(state, layer, point).flatMap(({ name }) => {
      const published = state.policies.get(name);
      const policy = published && this.#compiled.of(published.document);
      return policy ? [{ layer, point, version: published.version, policy }] : [];
    });
  }
}

interface Again {
  readonly action: Action;
  readonly judged: Judged;
  readonly facts: Facts;
}

/** That a grant covered it, or an equal ask waited, is as it was recorded. */
function decidedAgain(state: EnforcementState, decided: ActionDecided, { action, judged, facts }: Again) {
  const used = decided.grant && state.grants.get(decided.grant.id);
  if (decided.grant && !used) return null;
  const again = decide(judged, action, used ? { ...facts, passage: passageOf(used) } : facts);
  return again.verdict === 'ask' && !mayAsk(state, decided) ? withTooMany(again) : again;
}

/** Joining one that waits is always possible. */
const mayAsk = (state: EnforcementState, { agent, approval }: ActionDecided): boolean =>
  pendingOf(state, agent.id).length < PENDING_MAX || (approval !== null && state.approvals.has(approval.id));

/** What a take comes to by the approval as it stood. That it was for another action is as its digest says. */
function takenAgain(state: EnforcementState, { approvalId, digest }: TakeDecided, { action, judged, facts }: Again) {
  const approval = state.approvals.get(approvalId);
  if (!approval) return null;
  if (digest.value !== approval.digest.value) return mismatched;
  const electorate = electorateOf(state, approval.agentId, facts.now);
  const asked = askedOf(judged, facts.asker, action, facts);
  return decideTaking({ approval, action, judged, asked }, facts, electorate).judgement;
}

const mismatched = {
  verdict: 'block',
  reasons: [permitReason('permit.mismatch', 'block')],
  ...{ requirements: [], budgetAsks: [], budgets: [], figures: [], rates: [], held: [] },
  ...{ holdExpiresAt: null, retryAt: null },
} as const satisfies Judgement;

const outcomesOf = ({ outcomes = [] }: Decided) =>
  new Map(outcomes.map(({ key, outcome }) => [key, outcome as ConditionOutcome['outcome']]));

/** What a decision says its budgets had used. */
function figuresOf({ budgets }: Decided): Counters {
  const known = new Map<string, Counter>(
    budgets.map((figure) => [
      counterKey(figure),
      { spent: sumOf(figure.unit, figure.spent), held: sumOf(figure.unit, figure.held) },
    ]),
  );
  return { get: (key) => known.get(key) };
}

function askerOf(state: EnforcementState, { agent: { id } }: Decided): Asker | null {
  const organizationId = state.organization.get('self')?.organizationId;
  const agent = state.agents.get(id);
  const team = agent && state.teams.get(agent.teamId);
  return organizationId && team ? { organizationId, agent, team } : null;
}

const bookOf = (price: { priceBookVersion: string | null } | null | undefined) => price?.priceBookVersion ?? null;

function compared(decided: Decided, again: Judgement): Redecision {
  const recorded = textOf(essence(decided, decided.hold?.expiresAt ?? null));
  const redecided = textOf(essence(again, again.holdExpiresAt));
  if (recorded === redecided) return { outcome: 'same' };
  // What a condition or pattern read was hidden before recording: another answer proves nothing.
  const hidden = decided.redacted ?? [];
  if (hidden.length > 0) return { outcome: 'not_covered', why: `${hidden.join(', ')} was hidden before recording` };
  return { outcome: 'different', recorded: recorded ?? '', redecided: redecided ?? '' };
}

type Essence = Pick<Decided, 'verdict' | 'reasons' | 'budgets' | 'retryAt'> | Judgement;

const essence = ({ verdict, reasons, budgets, retryAt }: Essence, holdExpiresAt: Instant | null) => ({
  verdict,
  reasons,
  budgets,
  retryAt,
  holdExpiresAt,
});
