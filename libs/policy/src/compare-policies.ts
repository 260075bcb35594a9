import type { CompiledBudget, CompiledPolicy } from './compiled-policy.ts';
import type { Problem } from './problem.ts';

/**
 * What forbids that `next` becomes a version of `previous`: counters belong to a budget's name, so a budget that
 * counts other things in other windows needs another name.
 */
export function comparePolicies(previous: CompiledPolicy, next: CompiledPolicy): Problem[] {
  const before = new Map(previous.budgets.map((budget) => [budget.name, budget]));
  const problems = next.budgets.flatMap((budget) => changesOf(before.get(budget.name), budget));
  if (previous.name === next.name) return problems;
  const message = `This is a version of \`${previous.name}\`, and names itself \`${next.name}\`: a new name is a new policy.`;
  return [{ severity: 'error', code: 'policy.changed_name', line: 1, column: 1, path: 'name', message }, ...problems];
}

function changesOf(before: CompiledBudget | undefined, budget: CompiledBudget): readonly Problem[] {
  if (before === undefined) return [];
  return (['scope', 'unit', 'window'] as const)
    .filter((key) => before[key] !== budget[key])
    .map((key) => {
      const message = `\`${budget.name}\` had the ${key} \`${before[key]}\`, which its counters keep: give the budget with \`${budget[key]}\` a new name.`;
      return {
        severity: 'error',
        code: 'policy.changed_budget',
        line: budget.line,
        column: 1,
        path: `budgets.${budget.name}.${key}`,
        message,
      };
    });
}
