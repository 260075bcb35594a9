import { formatAmount, unreachable, type Instant } from '@countersign/kernel';
import type { Missing } from './demand.ts';
import { retryAtOf, type Standing } from './hold-all.ts';
import type { SelectedMaxNew, SelectedRate, TooMany } from './rate.ts';
import type { BudgetScope, SelectedBudget, Subject } from './selected-budget.ts';
import { amountInWords, budgetInWords, capInWords, scopeInWords, timeInWords, windowInWords } from './words.ts';

/** Every reason money gives, and what it means. Codes are permanent. */
export const budgetCodes = {
  'budget.exceeded': 'The action would bring what is settled and held above the cap of a budget.',
  'budget.cost_missing': 'A budget counts the cost of this action, and the action does not say it.',
  'budget.user_missing': 'A budget counts each user, and the action names none.',
  'budget.run_missing': 'A budget counts each run, and the action names none.',
  'price.unknown': 'Neither a policy nor the price book knows what this model costs.',
  'rate.exceeded': 'As many such actions as the rate allows were allowed within its period.',
  'rate.too_many_new': 'The agent named more new runs or users within a period than the policy allows.',
} as const;
export type BudgetCode = keyof typeof budgetCodes;

/** One reason among a decision's, in the shape that policy's reasons have. `rule` is the budget's name or the pattern. */
export interface BudgetReason {
  readonly code: BudgetCode;
  readonly policy: string;
  readonly version: number;
  readonly layer: SelectedBudget['layer'];
  readonly rule: string;
  readonly line: number;
  readonly message: string;
  readonly effect: 'block' | 'ask';
  /** Amounts are decimal text in the budget's unit. */
  readonly detail: Readonly<Record<string, string | number | null>>;
  /** When asking again can first succeed by itself; null: never as asked. */
  readonly retryAt: Instant | null;
}

/** With the whole arithmetic, for people. What an agent may see of it: `withoutFigures`. */
export function reasonOfExceeded(standing: Standing): BudgetReason {
  const { budget } = standing.demand;
  return {
    ...originOf(budget, budget.name),
    code: 'budget.exceeded',
    message: exceededMessage(standing),
    effect: budget.onExceed,
    detail: detailOf(standing),
    retryAt: retryAtOf([standing]),
  };
}

/** An agent sees the figures of budgets no wider than itself, its run or user. */
export function isWiderThanAgent(scope: BudgetScope): boolean {
  return scope === 'organization' || scope === 'team';
}

/** The same reason for an agent that may not see a wider budget's figures: its name, its effect and when it resets. */
export function withoutFigures(reason: BudgetReason): BudgetReason {
  const { budget, scope, unit, window, resetsAt } = reason.detail;
  return {
    ...reason,
    message: `${budgetInWords({ name: reason.rule, policy: reason.policy })}, which counts the ${scope}, is used up; ${reset(resetsAt)}`,
    detail: { budget, scope, unit, window, resetsAt } as BudgetReason['detail'],
  };
}

export function reasonOfMissing({ code, budget }: Missing): BudgetReason {
  return {
    ...originOf(budget, budget.name),
    code,
    message: missingMessage(code, budget),
    effect: 'block',
    detail: contextOf(budget),
    retryAt: null,
  };
}

export function reasonOfRate(rate: SelectedRate, subject: Subject, { max, perMs, retryAt }: TooMany): BudgetReason {
  const when = retryAt === null ? 'never' : `next at ${timeInWords(retryAt)}`;
  return {
    ...originOf(rate, rate.match),
    code: 'rate.exceeded',
    message: `at most ${max} of \`${rate.match}\` in ${periodInWords(perMs)} for ${scopeInWords(rate.scope, subject)} are allowed; ${when}`,
    effect: 'block',
    detail: { scope: rate.scope, max, perMs },
    retryAt,
  };
}

export function reasonOfMaxNew(limit: SelectedMaxNew, { max, perMs, retryAt }: TooMany): BudgetReason {
  const when =
    retryAt === null
      ? 'known ones are not affected'
      : `the next at ${timeInWords(retryAt)}; known ones are not affected`;
  return {
    ...originOf(limit, `maxNew.${limit.kind}`),
    code: 'rate.too_many_new',
    message: `at most ${max} new ${limit.kind}s in ${periodInWords(perMs)} are allowed for an agent; ${when}`,
    effect: 'block',
    detail: { kind: limit.kind, max, perMs },
    retryAt,
  };
}

function exceededMessage({ demand, figures, resetsAt }: Standing): string {
  const { unit, window, scope } = demand.budget;
  const words = (amount: bigint) => amountInWords(unit, amount);
  const cap = `${windowInWords(window)} cap of ${capInWords(unit, figures.cap)} for ${scopeInWords(scope, demand.subject)}`;
  const used = `${words(figures.spent)} spent, ${words(figures.held)} held, ${words(figures.asked)} asked`;
  if (figures.asked > figures.cap)
    return `the ${cap} is below what this action asks: ${used}; it can never be allowed as asked`;
  const left =
    figures.remaining < 0n ? `overrun by ${words(-figures.remaining)}` : `${words(figures.remaining)} remains`;
  return `the ${cap} is used up: ${used}; ${left}; ${reset(resetsAt)}`;
}

function reset(at: unknown): string {
  return typeof at === 'number' ? `resets ${timeInWords(at as Instant)}` : 'it does not reset';
}

function missingMessage(code: Missing['code'], budget: SelectedBudget): string {
  const name = budgetInWords(budget);
  switch (code) {
    case 'budget.cost_missing':
      return budget.unit === 'usd'
        ? `${name} counts USD and the action states no cost: send \`cost.usd\`, or \`cost\` with \`provider\`, \`model\`, \`inputTokens\` and \`maxOutputTokens\``
        : `${name} counts ${budget.unit} and the action states none: send \`cost.tokens\` beside \`cost.usd\`, or \`cost.inputTokens\` and \`cost.maxOutputTokens\``;
    case 'budget.user_missing':
      return `${name} counts each user and the action names none: send \`user\``;
    case 'budget.run_missing':
      return `${name} counts each run and the action names none: send \`run\``;
    default:
      return unreachable(code);
  }
}

const PERIODS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
] as const;

/** In the largest unit that divides it: 90 s, not 1.5 min. */
function periodInWords(ms: number): string {
  const [size, name] = PERIODS.find(([span]) => ms % span === 0) ?? [1, 'millisecond'];
  const count = ms / size;
  return count === 1 ? `any ${name}` : `any ${count} ${name}s`;
}

type Origin = Pick<BudgetReason, 'policy' | 'version' | 'layer' | 'line'>;

function originOf({ policy, version, layer, line }: Origin, rule: string): Origin & { rule: string } {
  return { policy, version, layer, line, rule };
}

const contextOf = ({ name, scope, unit, window }: SelectedBudget) => ({ budget: name, scope, unit, window });

function detailOf({ demand, figures, resetsAt }: Standing): BudgetReason['detail'] {
  const { name, scope, unit, window } = demand.budget;
  return {
    budget: name,
    scope,
    unit,
    window,
    cap: formatAmount(unit, figures.cap),
    spent: formatAmount(unit, figures.spent),
    held: formatAmount(unit, figures.held),
    asked: formatAmount(unit, figures.asked),
    remaining: formatAmount(unit, figures.remaining),
    resetsAt,
  };
}
