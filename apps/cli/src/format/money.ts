import type { HoldForPeople } from '@countersign/operator-server';
import type { BudgetLine } from '@countersign/surface';
import type { Paint } from './paint.ts';
import { tableOr, visible } from './table.ts';

/** An amount with its unit, as it is spoken: `0.42 USD`, `1 call`. */
export function amountWords(unit: string, amount: string): string {
  if (unit === 'usd') return `${amount} USD`;
  return amount === '1' ? `1 ${unit.replace(/s$/, '')}` : `${amount} ${unit}`;
}

export const budgetsTable = (budgets: readonly BudgetLine[], paint: Paint): string =>
  tableOr(
    'no budget yet: a policy declares them under `limits` or `budgets`, and counts once it is attached',
    ['POLICY', 'BUDGET', 'FOR', 'WINDOW', 'SPENT', 'HELD', 'CAP', 'REMAINING', 'RESETS'],
    budgets.map(({ policy, budget, scope, instanceName, window, unit, spent, held, cap, remaining, windowEnd }) => [
      policy,
      budget,
      `${scope} ${visible(instanceName)}`,
      window,
      amountWords(unit, spent),
      amountWords(unit, held),
      cap === null ? 'none in force' : amountWords(unit, cap),
      remainingWords(unit, remaining, paint),
      windowEnd?.replace('.000Z', 'Z') ?? 'never',
    ]),
    paint,
  );

function remainingWords(unit: string, remaining: string | null, paint: Paint): string {
  if (remaining === null) return '';
  const words = amountWords(unit, remaining);
  return remaining.startsWith('-') ? paint('red', `${words} (over)`) : words;
}

export const holdsTable = (holds: readonly HoldForPeople[], state: string, paint: Paint): string =>
  tableOr(
    state === 'open' ? 'nothing is held just now' : 'every hold that ended was reported',
    ['DECISION', 'AGENT', state === 'open' ? 'EXPIRES' : 'EXPIRED', 'HELD'],
    holds.map(({ decisionId, agent, expiresAt, amounts }) => [
      decisionId,
      agent,
      expiresAt,
      amounts.map(({ budget, unit, amount }) => `${amountWords(unit, amount)} in ${budget}`).join(', '),
    ]),
    paint,
  );
