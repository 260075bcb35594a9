import type { EnforcementState } from '@countersign/decisions';

/** A row that is not what the ledger says. Null stands for a row that is not there. */
export interface StateDifference {
  readonly table: string;
  readonly key: string;
  readonly folded: string | null;
  readonly stored: string | null;
}

export interface StateComparison {
  /** How many rows were compared. */
  readonly rows: number;
  readonly differencesInAll: number;
  /** The first hundred. */
  readonly differences: readonly StateDifference[];
}

/** Somebody who sees a hundred differences looks for their cause, not for the next. */
const DIFFERENCES_MAX = 100;

const tables = {
  organizations: ({ organization }: EnforcementState) => organization,
  teams: ({ teams: rows }: EnforcementState) => rows,
  agents: ({ agents }: EnforcementState) => agents,
  agent_keys: ({ agentKeys }: EnforcementState) => agentKeys,
  policies: ({ policies }: EnforcementState) => policies,
  attachments: ({ attachments }: EnforcementState) => attachments,
  budget_counters: ({ counters }: EnforcementState) => counters,
  holds: ({ holds }: EnforcementState) => holds,
  rate_windows: ({ rates }: EnforcementState) => rates,
} satisfies Record<string, (state: EnforcementState) => ReadonlyMap<string, unknown>>;

/** Compares what folding the ledger gives with what is stored, row by row. */
export function compareStates(folded: EnforcementState, stored: EnforcementState): StateComparison {
  let rows = 0;
  const differences: StateDifference[] = [];
  for (const [table, mapOf] of Object.entries(tables)) {
    const [left, right]: ReadonlyMap<string, unknown>[] = [mapOf(folded), mapOf(stored)];
    for (const key of new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])) {
      rows += 1;
      const [one, other] = [textOf(left?.get(key)), textOf(right?.get(key))];
      if (one !== other) differences.push({ table, key, folded: one, stored: other });
    }
  }
  return { rows, differencesInAll: differences.length, differences: differences.slice(0, DIFFERENCES_MAX) };
}

/** The same text for the same value, however its keys are ordered; amounts as digits. */
export function textOf(value: unknown): string | null {
  if (value === undefined) return null;
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return part.toString();
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
