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
  /** How many of them differ and follow from payloads that were erased: nothing can be said of them. */
  readonly rowsNotCovered: number;
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
  publications: ({ publications }: EnforcementState) => publications,
  budget_counters: ({ counters }: EnforcementState) => counters,
  holds: ({ holds }: EnforcementState) => holds,
  rate_windows: ({ rates }: EnforcementState) => rates,
  members: ({ members }: EnforcementState) => members,
  invitations: ({ invitations }: EnforcementState) => invitations,
  stops: ({ stops }: EnforcementState) => stops,
  endpoints: ({ endpoints }: EnforcementState) => endpoints,
  notice_choices: ({ noticeChoices }: EnforcementState) => noticeChoices,
  lifted_stops: ({ liftedStops }: EnforcementState) => liftedStops,
  approvals: ({ approvals }: EnforcementState) => approvals,
  grants: ({ grants }: EnforcementState) => grants,
} satisfies Record<string, (state: EnforcementState) => ReadonlyMap<string, unknown>>;

/** The tables that follow from decisions and their outcomes; all others follow from configuration. */
const moneyTables: ReadonlySet<string> = new Set(['budget_counters', 'holds', 'rate_windows', 'approvals', 'grants']);

/** Which kinds of events the fold had to leave out, because their payloads were erased. */
export interface Erased {
  readonly money: boolean;
  readonly configuration: boolean;
}

/** Compares what folding the ledger gives with what is stored, row by row. */
export function compareStates(folded: EnforcementState, stored: EnforcementState, erased: Erased): StateComparison {
  const compared = Object.entries(tables).map(([table, mapOf]) => compareTable(table, mapOf(folded), mapOf(stored)));
  const differing = compared.flatMap(({ differences }) => differences);
  const differences = differing.filter(({ table }) => !(moneyTables.has(table) ? erased.money : erased.configuration));
  return {
    rows: compared.reduce((sum, { rows }) => sum + rows, 0),
    rowsNotCovered: differing.length - differences.length,
    differencesInAll: differences.length,
    differences: differences.slice(0, DIFFERENCES_MAX),
  };
}

type Rows = ReadonlyMap<string, unknown>;

function compareTable(table: string, folded: Rows, stored: Rows) {
  const keys = [...new Set([...folded.keys(), ...stored.keys()])];
  const differences = keys.flatMap((key): StateDifference[] => {
    const [one, other] = [textOf(folded.get(key)), textOf(stored.get(key))];
    return one === other ? [] : [{ table, key, folded: one, stored: other }];
  });
  return { rows: keys.length, differences };
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
