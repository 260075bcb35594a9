import { counterKey, isMostlyPresumed, type CounterKey, type SettlementRecord } from '@countersign/budgets';
import type { AnyEvent, BudgetFigure, EnforcementState } from '@countersign/decisions';
import {
  formatAmount,
  parseSum,
  toIso,
  type AgentId,
  type DecisionId,
  type MemberId,
  type TeamId,
} from '@countersign/kernel';
import { eachOnce, leadsOf, managersOf, ownersOfAgent } from './audience.ts';
import type { NoticeFacts } from './facts.ts';
import type { BudgetNews, Notice, ToldEvent } from './notice.ts';
import { visible } from './visible.ts';

type Of<Type extends AnyEvent['type']> = Extract<AnyEvent, { type: Type }>['data'];

/** A share of the cap is compared in millionths, as the policies in force compare it. */
const MILLIONTHS = 1_000_000;

/**
 * The highest share that each budget of an allow has reached by it, held money included. Whoever reaches it again in the
 * same window makes the same key, so it is told once; a lower share that was leapt over is not told at all.
 */
export function warned(
  told: ToldEvent,
  facts: NoticeFacts,
  { verdict, budgets }: Pick<Of<'ActionDecided'>, 'verdict' | 'budgets'>,
): readonly Notice[] {
  if (verdict !== 'allow') return [];
  return budgets.flatMap((figure) => {
    const used = usedAfter(figure);
    const share = highestReached(facts.warnAt(figure.policy, figure.budget), used, parseSum(figure.unit, figure.cap));
    if (share === null) return [];
    const key = `budget.warning/${counterKey(figure)}/${share}`;
    return [notice('budget.warning', { told, facts, figure, used, key, share })];
  });
}

const usedAfter = ({ unit, spent, held, asked }: BudgetFigure) =>
  parseSum(unit, spent) + parseSum(unit, held) + parseSum(unit, asked);

function highestReached(warnAt: readonly number[], used: bigint, cap: bigint): number | null {
  const reached = warnAt.filter((share) => used * BigInt(MILLIONTHS) >= cap * BigInt(Math.round(share * MILLIONTHS)));
  return reached.length === 0 ? null : Math.max(...reached);
}

/** How much more, or less, was never reported, by counter. In the order of the events. */
export interface Presumed {
  readonly told: ToldEvent;
  readonly figure: BudgetFigure | null;
  readonly key: CounterKey;
  readonly change: bigint;
}

/** What an event says about money that is only presumed spent. */
export function presumedBy(told: ToldEvent, { held }: Pick<NoticeFacts, 'held'>): readonly Presumed[] {
  const { event } = told;
  if (event.type === 'HoldCorrected') return correctedBy(told, event.data);
  if (event.type === 'HoldExpired') return presumed(told, held.get(event.data.decisionId) ?? []);
  const isPresumed = event.type === 'OutcomeReported' && event.data.isUnreported && !event.data.isLate;
  return isPresumed ? presumed(told, held.get(event.data.decisionId) ?? []) : [];
}

const presumed = (told: ToldEvent, figures: readonly BudgetFigure[]): readonly Presumed[] =>
  [...new Map(figures.map((figure) => [`${counterKey(figure)} ${figure.asked}`, figure])).values()].map((figure) => ({
    told,
    figure,
    key: counterKey(figure),
    change: parseSum(figure.unit, figure.asked),
  }));

/** A late report, or a person, says what it really was: it is presumed no longer. */
function correctedBy(told: ToldEvent, { before, after }: Of<'HoldCorrected'>): readonly Presumed[] {
  const sums = (record: SettlementRecord, sign: bigint) =>
    record
      .filter(({ isReported }) => !isReported)
      .map((entry) => ({
        told,
        figure: null,
        key: counterKey(entry),
        change: sign * parseSum(entry.unit, entry.settled),
      }));
  return [...sums(before, -1n), ...sums(after, 1n)];
}

/** Over a fifth of a cap that nobody reported: what its team sees is only presumed. Once in each window. */
export function unreported(presumptions: readonly Presumed[], facts: NoticeFacts): readonly Notice[] {
  const sums = new Map(facts.unreported);
  return presumptions.flatMap(({ told, figure, key, change }) => {
    const used = (sums.get(key) ?? 0n) + change;
    sums.set(key, used);
    if (!figure || !isMostlyPresumed(parseSum(figure.unit, figure.cap), used)) return [];
    return [notice('budget.unreported', { told, facts, figure, used, key: `budget.unreported/${key}` })];
  });
}

interface Wish {
  readonly told: ToldEvent;
  readonly facts: NoticeFacts;
  readonly figure: BudgetFigure;
  readonly used: bigint;
  readonly key: string;
  readonly share?: number;
}

function notice(kind: 'budget.warning' | 'budget.unreported', wish: Wish): Notice {
  const { told, facts, figure, used, key, share } = wish;
  const members = eachOnce(facts.state, concernedBy(figure, told, facts.state), '');
  const news = { ...newsOf(figure, facts.state), used: formatAmount(figure.unit, used), ...(share && { share }) };
  return { kind, key, at: told.at, position: told.position, members, news, sendAt: null, onlyWhile: null };
}

/** The leads of the agent's team and its owner; what is wider than the team, owners and admins too. */
function concernedBy(figure: BudgetFigure, { event, actor }: ToldEvent, state: EnforcementState): readonly MemberId[] {
  const agentId = agentOf(figure, event) ?? (actor.kind === 'agent' ? (actor.id as AgentId) : null);
  const team = figure.scope === 'team' ? leadsOf(state, figure.instance as TeamId) : [];
  const near = [...(agentId ? answeringFor(state, agentId) : []), ...team];
  const isWide = figure.scope === 'organization' || figure.scope === 'user' || near.length === 0;
  return isWide ? [...near, ...managersOf(state)] : near;
}

const answeringFor = (state: EnforcementState, agentId: AgentId): readonly MemberId[] => {
  const agent = state.agents.get(agentId);
  return [...(agent ? leadsOf(state, agent.teamId) : []), ...ownersOfAgent(state, agentId)];
};

function agentOf({ scope, instance }: BudgetFigure, event: AnyEvent): AgentId | null {
  if (event.type === 'ActionDecided' || event.type === 'TakeDecided') return event.data.agent.id;
  return scope === 'agent' || scope === 'run' ? ((instance.split('/')[0] ?? '') as AgentId) : null;
}

function newsOf(figure: BudgetFigure, state: EnforcementState): Omit<BudgetNews, 'used'> {
  const { policy, budget, scope, unit, window, windowStart, windowEnd, cap } = figure;
  return {
    policy,
    budget,
    scope,
    instance: visible(nameOf(figure, state)),
    unit,
    window,
    windowStart: toIso(windowStart),
    windowEnd: windowEnd === null ? null : toIso(windowEnd),
    cap,
  };
}

/** Whom a counter counts, by name. A run is known by its agent and its own name. */
function nameOf({ scope, instance }: BudgetFigure, { organization, teams, agents }: EnforcementState): string {
  switch (scope) {
    case 'organization':
      return nameIn(organization, 'self', instance);
    case 'team':
      return nameIn(teams, instance as TeamId, instance);
    case 'user':
      return instance;
    default: {
      const [agent = '', ...run] = instance.split('/');
      return [nameIn(agents, agent as AgentId, agent), ...run].join('/');
    }
  }
}

const nameIn = <Key>(named: ReadonlyMap<Key, { readonly name: string }>, key: Key, without: string): string =>
  named.get(key)?.name ?? without;

/** The decisions whose holds a page says nobody reported: what they set aside has to be looked up. */
export const unreportedDecisions = (events: readonly ToldEvent[]): readonly DecisionId[] => [
  ...new Set(
    events.flatMap(({ event }) => {
      if (event.type === 'HoldExpired') return [event.data.decisionId];
      return event.type === 'OutcomeReported' && event.data.isUnreported && !event.data.isLate
        ? [event.data.decisionId]
        : [];
    }),
  ),
];
