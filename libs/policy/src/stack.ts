import { parsePattern } from '@countersign/kernel/patterns';
import { judgeOf, type Judge, type Recording } from './judge.ts';
import { indexPatterns, type PatternIndex } from './pattern-index.ts';
import type { DocumentBudget } from './policy-document.ts';
import type {
  AttachedPolicy,
  Evaluation,
  Layer,
  PriceRule,
  Reason,
  SelectedBudget,
  SelectedMaxNew,
  SelectedRate,
  UnknownPrice,
} from './policy.evaluation.ts';
import { neverAutoApproveReason } from './reasons.ts';

/** Policies attached to one agent (and user), prepared together. Cache it per agent and epoch: preparing takes longer than judging. */
export interface Stack {
  readonly attached: readonly AttachedPolicy[];
  readonly judge: Judge;
  readonly shadows: readonly { readonly attached: AttachedPolicy; readonly judge: Judge }[];
  readonly neverAutoApprove: PatternIndex<Reason>;
  readonly budgets: PatternIndex<SelectedBudget>;
  readonly families: readonly { readonly family: 'ai' | 'llm'; readonly budget: SelectedBudget }[];
  readonly rates: PatternIndex<SelectedRate>;
  readonly settings: Settings;
}

/** What holds for every action that these policies judge. */
type Settings = Pick<Evaluation, 'maxNews' | 'prices' | 'unknownPrice' | 'record' | 'redact' | 'explain'>;

const layers: readonly Layer[] = ['organization', 'team', 'agent', 'user'];

export function compileStack(policies: readonly AttachedPolicy[]): Stack {
  const attached = [...policies].sort((a, b) => layers.indexOf(a.layer) - layers.indexOf(b.layer));
  const enforced = attached.filter(({ policy }) => policy.mode === 'enforce');
  const settings = settingsOf(enforced);
  const budgets = budgetsOf(enforced);
  return {
    attached,
    judge: judgeOf(enforced, settings),
    shadows: attached
      .filter(({ policy }) => policy.mode === 'shadow')
      .map((each) => ({ attached: each, judge: judgeOf([each], settings) })),
    neverAutoApprove: indexPatterns(
      enforced.flatMap((each) =>
        each.policy.document.neverAutoApprove.map((pattern) => ({
          pattern: parsePattern(pattern.match, 'folded'),
          value: neverAutoApproveReason(each, pattern),
        })),
      ),
    ),
    budgets: indexPatterns(
      budgets.flatMap(({ selects, budget }) =>
        'pattern' in selects ? [{ pattern: parsePattern(selects.pattern, 'folded'), value: budget }] : [],
      ),
    ),
    families: budgets.flatMap(({ selects, budget }) =>
      'family' in selects ? [{ family: selects.family, budget }] : [],
    ),
    rates: indexPatterns(
      ratesOf(enforced).map((rate) => ({ pattern: parsePattern(rate.match, 'folded'), value: rate })),
    ),
    settings,
  };
}

/** Whether policies are attached and every one of them is a shadow, so that none would decide anything. */
export const onlyShadow = (attached: readonly AttachedPolicy[]): boolean =>
  attached.length > 0 && attached.every(({ policy }) => policy.mode === 'shadow');

function settingsOf(enforced: readonly AttachedPolicy[]): Settings & Recording {
  const documents = enforced.map(({ policy }) => policy.document);
  return {
    maxNews: uniqueBy(enforced.flatMap(maxNewsOf), ({ policy, kind }) => `${policy}/${kind}`),
    prices: uniqueBy(enforced.flatMap(pricesOf), ({ policy, line }) => `${policy}/${line}`),
    unknownPrice: strictestPrice(documents.flatMap(({ unknownPrice }) => unknownPrice ?? [])),
    record: documents.some(({ record }) => record === 'digest') ? 'digest' : 'full',
    redact: [...new Set(documents.flatMap(({ redact }) => redact))],
    explain: leastTold(documents.flatMap(({ explain }) => explain ?? [])),
  };
}

const named = ({ policy, version, layer }: AttachedPolicy) => ({ policy: policy.name, version, layer });

const maxNewsOf = (attached: AttachedPolicy): readonly SelectedMaxNew[] =>
  attached.policy.document.maxNews.map((maxNew) => ({ ...named(attached), ...maxNew }));

const pricesOf = ({ policy, version }: AttachedPolicy): readonly PriceRule[] =>
  policy.document.prices.map((price) => ({ policy: policy.name, version, ...price }));

/** Nobody having said anything is `block`: an action whose cost is unknown might cost anything. */
function strictestPrice(stated: readonly UnknownPrice[]): UnknownPrice {
  if (stated.length === 0 || stated.includes('block')) return 'block';
  if (stated.includes('ask')) return 'ask';
  const assumed = stated.map((price) => (typeof price === 'string' ? 0n : price.assumeNanos));
  return { assumeNanos: assumed.reduce((most, each) => (each > most ? each : most)) };
}

function leastTold(stated: readonly Evaluation['explain'][]): Evaluation['explain'] {
  if (stated.length === 0) return 'message';
  return (['none', 'message', 'full'] as const).find((each) => stated.includes(each)) ?? 'message';
}

interface SelectingBudget {
  readonly selects: DocumentBudget['selects'];
  readonly budget: SelectedBudget;
}

/**
 * A policy attached at two points has one set of counters: the same budget twice would count an action twice.
 */
function budgetsOf(enforced: readonly AttachedPolicy[]): readonly SelectingBudget[] {
  const all = enforced.flatMap((attached) =>
    attached.policy.document.budgets.map(({ selects, scope, ...budget }) => ({
      selects,
      budget: { ...named(attached), ...budget, scope: scope === 'attached' ? attachedScope(attached.layer) : scope },
    })),
  );
  return uniqueBy(all, ({ budget }) => `${budget.policy}/${budget.name}/${budget.scope}`);
}

const attachedScope = (layer: Layer) => (layer === 'user' ? 'user' : 'agent');

const ratesOf = (enforced: readonly AttachedPolicy[]): readonly SelectedRate[] =>
  uniqueBy(
    enforced.flatMap((attached) => attached.policy.document.rates.map((rate) => ({ ...named(attached), ...rate }))),
    ({ policy, scope, match, max, perMs }) => JSON.stringify([policy, scope, match, max, perMs]),
  );

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = keyOf(item);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
