import {
  contains,
  createCalendar,
  unused,
  type BudgetScope,
  type Calendar,
  type Counter,
  type CounterAddress,
} from '@countersign/budgets';
import type { EnforcementState } from '@countersign/decisions';
import { formatAmount, toIso, unreachable, type Instant } from '@countersign/kernel';
import type { Attachment, CompiledBudget } from '@countersign/policy';
import type { CompiledPolicies } from './compiled-policies.ts';
import { nameOfPoint } from './point-name.ts';

/** One window of one budget for one whom it counts, as people read it. Amounts are decimals in the unit. */
export interface BudgetLine {
  readonly policy: string;
  readonly budget: string;
  readonly scope: string;
  readonly instance: string;
  readonly instanceName: string;
  readonly unit: string;
  readonly window: string;
  readonly windowStart: string;
  readonly windowEnd: string | null;
  /** Null when the policy in force no longer has the budget, or is attached nowhere. */
  readonly cap: string | null;
  readonly spent: string;
  readonly held: string;
  /** Negative after an overrun or a lowered cap; null without a cap. */
  readonly remaining: string | null;
}

export interface CounterRow {
  readonly address: CounterAddress;
  readonly counter: Counter;
}

interface BudgetFacts {
  readonly state: EnforcementState;
  readonly compiled: CompiledPolicies;
  readonly now: Instant;
}

/**
 * The lines of the windows now running: of every counter, and of every budget in force for those whom it counts without
 * their having spent anything yet. Users and runs are known by having spent only.
 */
export function currentLines(counters: readonly CounterRow[], facts: BudgetFacts): readonly BudgetLine[] {
  const calendar = calendarOf(facts.state);
  const untouched = untouchedAddresses(facts, calendar).map((address) => ({ address, counter: unused }));
  const rows = new Map([...untouched, ...counters].map((row) => [nameOf(row.address), row]));
  return linesOf([...rows.values()], facts).filter((line) => isRunning(line, facts.now));
}

/** The line of every counter, of past windows too. */
export function linesOf(counters: readonly CounterRow[], { state, compiled }: BudgetFacts): readonly BudgetLine[] {
  const calendar = calendarOf(state);
  const caps = capsOf(state, compiled);
  return counters
    .map((row) =>
      lineOf(row, { state, calendar, cap: caps.get(`${row.address.policy}/${row.address.budget}`) ?? null }),
    )
    .sort((one, other) => sortKey(one).localeCompare(sortKey(other)));
}

const sortKey = ({ policy, budget, instanceName, windowStart }: BudgetLine) =>
  [policy, budget, instanceName, windowStart].join('\u0000');

const nameOf = ({ policy, budget, scope, unit, window, windowStart, instance }: CounterAddress) =>
  [policy, budget, scope, unit, window, windowStart, instance].join('/');

export const calendarOf = ({ organization }: EnforcementState) => createCalendar(organization.get('self')?.zones ?? []);

function isRunning({ windowStart, windowEnd }: BudgetLine, now: Instant): boolean {
  const end = windowEnd === null ? null : (Date.parse(windowEnd) as Instant);
  return contains({ start: Date.parse(windowStart) as Instant, end }, now);
}

interface LineFacts {
  readonly state: EnforcementState;
  readonly calendar: Calendar;
  readonly cap: bigint | null;
}

function lineOf({ address, counter }: CounterRow, { state, calendar, cap }: LineFacts): BudgetLine {
  const { policy, budget, scope, instance, unit, window, windowStart } = address;
  const { end } = calendar.windowOf(window, windowStart);
  const text = (amount: bigint) => formatAmount(unit, amount);
  return {
    policy,
    budget,
    scope,
    instance,
    instanceName: instanceName(scope, instance, state),
    unit,
    window,
    windowStart: toIso(windowStart),
    windowEnd: end === null ? null : toIso(end),
    cap: cap === null ? null : text(cap),
    spent: text(counter.spent),
    held: text(counter.held),
    remaining: cap === null ? null : text(cap - counter.spent - counter.held),
  };
}

/** Whom a counter counts, by name. A run is known by its agent and its own name. */
export function instanceName(scope: BudgetScope, instance: string, state: EnforcementState): string {
  if (scope !== 'run') return nameOfPoint(scope, instance, state);
  const [agent = '', ...run] = instance.split('/');
  return `${nameOfPoint('agent', agent, state)}/${run.join('/')}`;
}

/** Caps by policy and budget, of policies that are attached somewhere. */
export function capsOf(state: EnforcementState, compiled: CompiledPolicies): ReadonlyMap<string, bigint> {
  const attached = [...state.attachments.values()].map(({ name }) => name);
  return new Map(
    [...new Set(attached)].flatMap((name) =>
      budgetsOf(name, state, compiled).map((budget): [string, bigint] => [`${name}/${budget.name}`, budget.cap]),
    ),
  );
}

function budgetsOf(
  policy: string,
  { policies }: EnforcementState,
  compiled: CompiledPolicies,
): readonly CompiledBudget[] {
  const published = policies.get(policy as never);
  const read = published && compiled.of(published.document);
  return read?.mode === 'enforce' ? read.budgets : [];
}

function untouchedAddresses({ state, compiled, now }: BudgetFacts, calendar: Calendar): readonly CounterAddress[] {
  return [...state.attachments.values()].flatMap((attachment) =>
    budgetsOf(attachment.name, state, compiled).flatMap((budget) => {
      const scope = scopeOf(budget, attachment);
      const { start } = calendar.windowOf(budget.window, now);
      const { unit, window, name } = budget;
      return instancesOf(scope, attachment, state).map((instance) => ({
        policy: attachment.name,
        budget: name,
        scope,
        instance,
        unit,
        window,
        windowStart: start,
      }));
    }),
  );
}

/** The short form counts each agent by itself; attached to a user, each user. */
function scopeOf({ scope }: CompiledBudget, { layer }: Attachment): BudgetScope {
  if (scope !== 'attached') return scope;
  return layer === 'user' ? 'user' : 'agent';
}

/** Whom a budget attached here can count, as far as the configuration knows them. */
function instancesOf(scope: BudgetScope, { layer, point }: Attachment, state: EnforcementState): readonly string[] {
  const agents = agentsAt(layer, point, state);
  switch (scope) {
    case 'organization':
      return [...state.organization.values()].map(({ organizationId }) => organizationId);
    case 'team':
      return layer === 'team' ? [point] : [...new Set(agents.map(({ teamId }) => teamId))];
    case 'agent':
      return agents.map(({ agentId }) => agentId);
    case 'user':
      return layer === 'user' ? [point] : [];
    case 'run':
      return [];
    default:
      return unreachable(scope);
  }
}

function agentsAt(layer: Attachment['layer'], point: string, { agents }: EnforcementState) {
  const active = [...agents.values()].filter(({ status }) => status === 'active');
  if (layer === 'organization') return active;
  return active.filter(({ agentId, teamId }) => point === (layer === 'team' ? teamId : agentId));
}
