import { instant, type Instant } from '@countersign/kernel';
import { checkTarget } from './build-rules.ts';
import { amountIn, approvalFrom, durationIn, report, SECOND_MS, type Drafting } from './drafting.ts';
import type { DocumentBudget, DocumentMaxNew, DocumentPrice, DocumentRate } from './policy-document.ts';
import { AT, type PlacedPolicy } from './policy-source.ts';
import { hasErrors } from './problem.ts';
import type { YamlPath } from './yaml-reader.ts';

type Placed<Key extends 'budgets' | 'rates' | 'prices'> = NonNullable<PlacedPolicy[Key]>[number];

/** A rate looks back at most as far as its log is kept. */
const rateTime = { from: SECOND_MS, to: 31 * 86_400_000 };

/** Long form and short form, in the order of the text. */
export function buildBudgets(policy: PlacedPolicy, draft: Drafting): readonly DocumentBudget[] {
  const long = (policy.budgets ?? []).map((budget) => buildBudget(budget, draft));
  const budgets = [...long, ...buildLimits(policy, draft)].sort((a, b) => a.line - b.line);
  warnOfClaims(policy, budgets, draft);
  return budgets;
}

function buildBudget(budget: Placed<'budgets'>, draft: Drafting): DocumentBudget {
  const path = budget[AT];
  const { name, scope, window, match = '*', unit = 'usd', onExceed = 'block' } = budget;
  const amount = (key: 'cap' | 'raiseMax' | 'assume') => {
    const value = budget[key];
    return value === undefined ? null : amountIn(unit, value, [...path, key], draft);
  };
  checkTarget(match, [...path, 'match'], draft);
  checkBudget(budget, draft);
  return {
    name,
    scope,
    selects: { pattern: match },
    unit,
    window,
    cap: amount('cap') ?? 0n,
    onExceed,
    approval: onExceed === 'ask' ? approvalFrom(budget.approval, [...path, 'approval'], draft) : null,
    raiseMax: amount('raiseMax'),
    warnAt: [...new Set(budget.warnAt ?? [])].sort((a, b) => a - b),
    assume: amount('assume'),
    startNow: budget.start === 'now',
    line: draft.yaml.locate(path).line,
  };
}

function checkBudget({ [AT]: path, ...budget }: Placed<'budgets'>, draft: Drafting): void {
  const refuse = (key: string, message: string) =>
    report(draft, { code: 'policy.budget', path: [...path, key], message });
  if (budget.scope === 'run' && budget.window !== 'total')
    refuse('window', 'A budget of a run has the window `total`: a run has no days.');
  if (budget.unit === 'calls' && budget.assume !== undefined)
    refuse('assume', 'Every action is one call: there is nothing to assume.');
  if (budget.onExceed === 'ask') return;
  if (budget.approval) refuse('approval', 'Nobody is asked: add `onExceed: ask`, or leave `approval` out.');
  if (budget.raiseMax !== undefined)
    refuse('raiseMax', 'Nobody can raise this cap: add `onExceed: ask`, or leave `raiseMax` out.');
}

const shortForms = {
  ai_daily_usd: { family: 'ai', window: 'day' },
  ai_monthly_usd: { family: 'ai', window: 'month' },
  llm_daily_usd: { family: 'llm', window: 'day' },
  llm_monthly_usd: { family: 'llm', window: 'month' },
} as const;

function buildLimits({ limits = {}, budgets = [] }: PlacedPolicy, draft: Drafting): readonly DocumentBudget[] {
  checkNames(
    [
      ...budgets.map(({ name, [AT]: at }) => ({ name, path: [...at, 'name'] })),
      ...Object.keys(limits).map((name) => ({ name, path: ['limits', name] })),
    ],
    draft,
  );
  return (Object.keys(limits) as (keyof typeof shortForms)[]).map((name) => {
    const path = ['limits', name];
    const { family, window } = shortForms[name];
    const plain = {
      unit: 'usd',
      onExceed: 'block',
      approval: null,
      raiseMax: null,
      warnAt: [],
      assume: null,
      startNow: false,
    } as const;
    const cap = amountIn('usd', limits[name] ?? 0, path, draft);
    return {
      ...plain,
      name,
      scope: 'attached',
      selects: { family },
      window,
      cap,
      line: draft.yaml.locateKey(path).line,
    };
  });
}

function checkNames(named: readonly { name: string; path: YamlPath }[], draft: Drafting): void {
  const seen = new Set<string>();
  for (const { name, path } of named) {
    if (seen.has(name))
      report(draft, {
        code: 'policy.duplicate_name',
        path,
        message: `There is another budget \`${name}\`: their counters would be one.`,
      });
    seen.add(name);
  }
}

/** User and run are what the agent says they are: a cap on them alone is escaped by inventing new ones. */
function warnOfClaims(policy: PlacedPolicy, budgets: readonly DocumentBudget[], draft: Drafting): void {
  const isClaimed = (scope: DocumentBudget['scope']) => scope === 'user' || scope === 'run';
  // Where something was refused, the cap that bounds the others may be among it.
  if (hasErrors(draft.problems) || !budgets.every(({ scope }) => isClaimed(scope))) return;
  for (const { name, scope, [AT]: path } of policy.budgets ?? []) {
    if (policy.maxNew?.[scope as 'user' | 'run'] !== undefined) continue;
    const message = `\`${name}\` counts each ${scope} by itself, and an agent can name as many as it likes: add a budget of the agent or team, or \`maxNew\`.`;
    report(draft, { severity: 'warning', code: 'policy.claimed_scope', path, message });
  }
}

export const buildRates = ({ rates = [] }: PlacedPolicy, draft: Drafting): readonly DocumentRate[] =>
  rates.map(({ match, scope, max, per, [AT]: path }) => {
    checkTarget(match, [...path, 'match'], draft);
    return {
      match,
      scope,
      max,
      perMs: durationIn(rateTime, per, [...path, 'per'], draft),
      line: draft.yaml.locate(path).line,
    };
  });

export function buildMaxNews({ maxNew }: PlacedPolicy, draft: Drafting): readonly DocumentMaxNew[] {
  if (maxNew === undefined) return [];
  const perMs = durationIn(rateTime, maxNew.per, ['maxNew', 'per'], draft);
  return (['run', 'user'] as const).flatMap((kind) => {
    const max = maxNew[kind];
    return max === undefined ? [] : [{ kind, max, perMs, line: draft.yaml.locateKey(['maxNew', kind]).line }];
  });
}

export const buildPrices = ({ prices = [] }: PlacedPolicy, draft: Drafting): readonly DocumentPrice[] =>
  prices.map((price) => buildPrice(price, draft));

function buildPrice({ [AT]: path, ...price }: Placed<'prices'>, draft: Drafting): DocumentPrice {
  const amount = (key: 'inputPerMTok' | 'cachedInputPerMTok' | 'outputPerMTok') => {
    const value = price[key];
    if (value !== undefined) amountIn('usd', value, [...path, key], draft);
    return value === undefined ? null : String(value);
  };
  const [from, until] = [dayOf(price.from), dayOf(price.until)];
  if (from !== null && until !== null && from >= until)
    report(draft, {
      code: 'policy.price',
      path: [...path, 'until'],
      message: '`until` must be after `from`: the price is valid from the one until the other.',
    });
  return {
    provider: price.provider,
    model: price.model,
    inputPerMTok: amount('inputPerMTok') ?? '0',
    cachedInputPerMTok: amount('cachedInputPerMTok'),
    outputPerMTok: amount('outputPerMTok') ?? '0',
    from,
    until,
    line: draft.yaml.locate(path).line,
  };
}

const dayOf = (date: string | undefined): Instant | null =>
  date === undefined ? null : instant(Date.parse(`${date}T00:00:00Z`));
