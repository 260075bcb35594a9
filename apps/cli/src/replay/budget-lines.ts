import { z } from 'zod';
import type { ReplayBudget } from './render-summary.ts';

const Lines = z.object({
  budgets: z.array(
    z.object({
      policy: z.string(),
      budget: z.string(),
      scope: z.string(),
      window: z.string(),
      unit: z.string(),
      cap: z.string().nullable(),
      spent: z.string(),
      instanceName: z.string(),
    }),
  ),
});
type Line = z.infer<typeof Lines>['budgets'][number];

/** The operator's budget lines, one for each budget of the policy: how many instances it has, and the dearest of them. */
export function budgetLines(body: unknown, policy: string): readonly ReplayBudget[] {
  const byName = new Map<string, Line[]>();
  for (const line of Lines.parse(body).budgets) {
    if (line.policy === policy) byName.set(line.budget, [...(byName.get(line.budget) ?? []), line]);
  }
  return [...byName].map(([name, lines]) => summed(name, lines));
}

function summed(name: string, lines: readonly Line[]): ReplayBudget {
  const dearest = lines.reduce((most, line) => (isMore(line.spent, most.spent) ? line : most));
  const { scope, window, unit, cap, spent } = dearest;
  return { name, scope, window, unit, cap: cap ?? 'no cap', instances: lines.length, mostSpent: spent };
}

/** Decimal texts compared without a float: by the length of the whole part, then digit by digit. */
function isMore(text: string, other: string): boolean {
  const [whole = '', fraction = ''] = text.split('.');
  const [otherWhole = '', otherFraction = ''] = other.split('.');
  if (whole.length !== otherWhole.length) return whole.length > otherWhole.length;
  return whole === otherWhole ? fraction > otherFraction : whole > otherWhole;
}
