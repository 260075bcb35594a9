import { addressOfKey, bundledPriceBook, createCalendar, type BudgetScope } from '@countersign/budgets';
import { formatAmount, instant, type DecisionId, type OrganizationId } from '@countersign/kernel';
import type { AttachmentPoint } from '@countersign/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openedBy, openingsOf, openingsStart, portioned } from './budget-openings.ts';
import { evolve, type AnyEvent } from './catalog.ts';
import { countingOf, covers, changesBy } from './counting.ts';
import type { DecisionEvent } from './decision.events.ts';
import { emptyEnforcement } from './enforcement-state.ts';
import { historyOf, type DecisionFact } from './history.ts';
import { decideCorrection } from './hold-corrections.ts';
import { decideOutcome } from './outcome.ts';
import { PastActions } from './past-actions.ts';
import { runningIn, widenedBy } from './widened-holds.ts';

const acme = '00000000-0000-4000-8000-000000000003' as OrganizationId;
const id = (prefix: string, number: number) => `${prefix}_${number.toString(16).padStart(32, '0')}`;
const agents = [1, 2].map((number) => id('agt', number));
const teams = [1, 2].map((number) => id('team', number));
const users = ['ada', 'grace'];

const calendar = createCalendar();
const noon = instant(Date.parse('2026-11-20T12:00:00Z'));
const later = instant(noon + 3_600_000);
const pricing = { rules: [], book: bundledPriceBook(), at: noon };
const decisionOf = (index: number) => id('dec', index) as DecisionId;
const scopes = ['organization', 'team', 'agent', 'user', 'run'] as const satisfies readonly BudgetScope[];

const document = `apiVersion: countersign/v1
name: caps
allow: ["*"]
budgets:
${scopes.map((scope) => `  - { name: ${scope}, scope: ${scope}, unit: usd, window: total, cap: 1000 }`).join('\n')}
`;

const points: readonly AttachmentPoint[] = [
  { layer: 'organization', point: acme },
  ...teams.map((point) => ({ layer: 'team' as const, point })),
  ...agents.map((point) => ({ layer: 'agent' as const, point })),
  ...users.map((point) => ({ layer: 'user' as const, point })),
];

type Step =
  | { readonly kind: 'act'; readonly agent: number; readonly user: number; readonly run: number; readonly usd: number }
  | { readonly kind: 'extend'; readonly action: number; readonly usd: number }
  | { readonly kind: 'expire'; readonly action: number }
  | { readonly kind: 'report' | 'correct'; readonly action: number; readonly usd: number | null }
  | { readonly kind: 'attach' | 'detach'; readonly point: number }
  | { readonly kind: 'move'; readonly agent: number; readonly team: number };

const usd = fc.integer({ min: 1, max: 9 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('act' as const), agent: fc.nat(1), user: fc.nat(1), run: fc.nat(1), usd }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('extend' as const), action: fc.nat(5), usd }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const), action: fc.nat(5) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('report' as const, 'correct' as const),
      action: fc.nat(5),
      usd: fc.option(usd),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('attach' as const, 'detach'), point: fc.nat(points.length - 1) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('move' as const), agent: fc.nat(1), team: fc.nat(1) }) },
);

interface Acted {
  readonly agent: number;
  readonly team: number;
  readonly user: string;
  readonly run: string;
  /** What was asked of any budget, until somebody says what it cost. */
  worth: number;
  isSaid: boolean;
  state: 'running' | 'expired' | 'reported';
}

/** What a counter makes of an action: what it holds of it until the whole is said, or for ever what it was worth. */
type Counted = { held: number } | { readonly fixed: number };

function countedOf({ isSaid, worth }: Acted, how: Counted): number {
  if ('fixed' in how) return how.fixed;
  return isSaid ? worth : how.held;
}

const instanceOf = (scope: BudgetScope, { agent, team, user, run }: Acted) =>
  ({ organization: acme, team: teams[team], agent: agents[agent], user, run: `${agents[agent]}/${run}` })[scope] ?? '';

/**
 * What each counter should say, told without events: a counter counts an action as it goes, whether it began to before
 * the action was decided or while it ran, and once at what it was worth where it began after it had ended. Nothing leaves
 * a counter.
 */
class NaiveCount {
  readonly acted: Acted[] = [];
  readonly attached = new Set<number>();
  readonly teamOf = [0, 0];
  readonly #counted = new Map<string, Map<Acted, Counted>>();

  act(acted: Acted): void {
    this.acted.push(acted);
    for (const scope of scopes)
      if (this.#isCovered(acted, acted.team)) this.#count(scope, acted, { held: acted.worth });
  }

  /** More is held where the agent is covered now: in a team that it came to since, for that team's part alone. */
  extend(acted: Acted, usd: number): void {
    const team = this.teamOf[acted.agent] ?? 0;
    if (!this.#isCovered(acted, team)) return;
    for (const scope of scopes) {
      const counted = this.#count(scope, { ...acted, team }, { held: 0 }, acted);
      if (counted && 'held' in counted) counted.held += usd;
    }
    acted.worth += usd;
  }

  /** Somebody says what the whole came to. */
  settle(acted: Acted, usd: number | null): void {
    acted.worth = usd ?? 0;
    acted.isSaid = true;
  }

  /** Whatever is covered now and was not counted yet is counted: as it goes, or at what it was worth when it ended. */
  catchUp(): void {
    for (const scope of scopes)
      for (const acted of this.acted)
        if (acted.worth > 0 && this.#isReached(scope, acted))
          this.#count(scope, acted, acted.state === 'running' ? { held: acted.worth } : { fixed: acted.worth });
  }

  /** What is an agent's own goes with the agent; what a team shares was done in the team. */
  #isReached(scope: BudgetScope, acted: Acted): boolean {
    const isOwn = scope === 'agent' || scope === 'run';
    return this.#isCovered(acted, acted.team) || (isOwn && this.#isCovered(acted, this.teamOf[acted.agent] ?? 0));
  }

  told(): Record<string, string> {
    const sums = [...this.#counted].map(([key, counted]) => {
      const sum = [...counted].reduce((total, [acted, how]) => total + countedOf(acted, how), 0);
      return [key, formatAmount('usd', BigInt(sum) * 1_000_000_000n)] as const;
    });
    return Object.fromEntries(sums.filter(([, sum]) => sum !== '0').sort());
  }

  #isCovered({ agent, user }: Acted, team: number): boolean {
    const at = [acme, teams[team], agents[agent], user];
    return [...this.attached].some((index) => at.includes(points[index]?.point));
  }

  #count(scope: BudgetScope, where: Acted, how: Counted, acted = where): Counted | undefined {
    const key = `${scope} ${instanceOf(scope, where)}`;
    const counted = this.#counted.get(key) ?? new Map<Acted, Counted>();
    this.#counted.set(key, counted.has(acted) ? counted : counted.set(acted, how));
    return counted.get(acted);
  }
}

/** An organization as its ledger tells it, every counter folded from events. */
class Organization {
  readonly ledger: AnyEvent[] = [];
  readonly state = emptyEnforcement();
  readonly #streams = new Map<DecisionId, DecisionFact[]>();
  openings = 0;
  widened = 0;

  record(event: AnyEvent): void {
    evolve(this.state, { event, at: noon, streamVersion: 1 });
    if ('decisionId' in event.data) {
      const fact = { event: event as DecisionEvent, position: this.ledger.length, recordedAt: noon };
      this.#streams.set(event.data.decisionId, [...this.factsOf(event.data.decisionId), fact]);
    }
    this.ledger.push(event);
  }

  factsOf(decisionId: DecisionId): readonly DecisionFact[] {
    return this.#streams.get(decisionId) ?? [];
  }

  /** A command, with the openings it makes: as the server does it, all in one append. */
  command(event: AnyEvent): void {
    const openings = openingsOf(this.state, [event]);
    expect(openingsStart(openings, calendar, noon)).toBe(openings.length > 0 ? 0 : noon);
    const past = new PastActions(acme, openings);
    this.ledger.forEach((each, position) => past.add(each, noon, position));
    this.record(event);
    const { holds } = this.state;
    const widened = widenedBy(openings, past, { running: runningIn(past, noon), holds, calendar, now: noon });
    const opened = openedBy(openings, past, calendar, noon).flatMap(portioned);
    this.openings += opened.length;
    this.widened += widened.length;
    [...opened, ...widened].forEach((each) => this.record(each));
  }

  act(acted: Acted, index: number): void {
    const { agent, team, user, run, worth } = acted;
    const data = {
      decisionId: id('dec', index),
      agent: { id: agents[agent], team: teams[team] },
      action: { intent: 'shop.buy', target: 'books', cost: { usd: String(worth) }, user, run },
      verdict: 'allow',
      price: { usd: String(worth), source: 'stated', priceBookVersion: null, rates: null, outputTokens: null },
      budgets: this.#figuresOf(acted, team, worth),
      rates: [],
      hold: { expiresAt: later },
    };
    this.record({ type: 'ActionDecided', data } as unknown as AnyEvent);
  }

  #figuresOf(acted: Acted, team: number, usd: number) {
    const { agent, user, run } = acted;
    const subject = { organization: acme, team: teams[team] ?? '', agent: agents[agent] ?? '', user, run };
    const [change] = changesBy(this.state, this.#published);
    const counting = change ? [...countingOf(change.after).values()] : [];
    const address = { unit: 'usd', window: 'total', windowStart: instant(0), windowEnd: null } as const;
    return counting
      .filter(({ points }) => covers(points, subject))
      .map(({ budget: { scope, name } }) => {
        const instance = instanceOf(scope, { ...acted, team });
        const figures = { cap: '1000', spent: '0', held: '0', asked: String(usd) };
        return { policy: 'caps', budget: name, scope, instance, ...address, ...figures };
      });
  }

  isHeld(index: number): boolean {
    return this.state.holds.has(decisionOf(index));
  }

  extend(acted: Acted, index: number, team: number, usd: number): void {
    const budgets = this.#figuresOf(acted, team, usd);
    const verdict = { verdict: 'allow' as const, reasons: [], expiresAt: later, retryAt: null };
    const extensionId = String(this.ledger.length);
    const data = { decisionId: decisionOf(index), extensionId, ...verdict, budgets };
    this.record({ type: 'ExtensionDecided', data });
  }

  expire(index: number): void {
    this.record({ type: 'HoldExpired', data: { decisionId: decisionOf(index), expiredAt: noon } });
  }

  /** By the deciders themselves; whether anything came of it. */
  report(index: number, cost: number | null): boolean {
    const decisionId = decisionOf(index);
    const history = historyOf(this.factsOf(decisionId));
    const open = this.state.holds.get(decisionId)?.entries ?? null;
    if (open && !history.hasExpired) expect(open).toEqual(history.entries);
    const report =
      cost === null ? { status: 'cancelled' as const } : { status: 'success' as const, cost: { usd: String(cost) } };
    return this.#follow(decideOutcome(decisionId, report, { open, history, pricing }));
  }

  correct(index: number, cost: number): boolean {
    const correction = { decisionId: decisionOf(index), cost: { usd: String(cost) }, reason: 'as the invoice says' };
    return this.#follow(decideCorrection(correction, this.factsOf(correction.decisionId), pricing));
  }

  #follow(decision: ReturnType<typeof decideCorrection> | ReturnType<typeof decideOutcome>): boolean {
    if (decision.outcome === 'rejected') return false;
    decision.events.forEach((event) => this.record(event));
    return true;
  }

  told(): Record<string, string> {
    const sums = [...this.state.counters].map(([key, { spent, held }]) => {
      const address = addressOfKey(key);
      return [`${address?.scope} ${address?.instance}`, formatAmount('usd', spent + held)] as const;
    });
    return Object.fromEntries(sums.filter(([, sum]) => sum !== '0').sort());
  }

  readonly #published = {
    type: 'PolicyPublished',
    data: { name: 'caps', version: 1, document, note: '' },
  } as unknown as AnyEvent;

  open(): void {
    this.command(this.#published);
    for (const agent of [0, 1]) this.move(agent, 0, 'AgentRegistered');
  }

  move(agent: number, team: number, type: 'AgentRegistered' | 'AgentChanged' = 'AgentChanged'): void {
    const profile = { environment: 'test', riskClass: 'low', labels: {} };
    const data = { agentId: agents[agent], name: `agent-${agent}`, teamId: teams[team], profile };
    this.command({ type, data } as unknown as AnyEvent);
  }

  attach(type: 'PolicyAttached' | 'PolicyDetached', point: AttachmentPoint | undefined): void {
    this.command({ type, data: { name: 'caps', ...point } } as unknown as AnyEvent);
  }
}

function play(steps: readonly Step[]) {
  const [organization, naive] = [new Organization(), new NaiveCount()];
  organization.open();
  for (const step of steps) take(step, organization, naive);
  return { organization, naive };
}

function take(step: Step, organization: Organization, naive: NaiveCount): void {
  switch (step.kind) {
    case 'act':
      return act(step, organization, naive);
    case 'extend':
    case 'expire':
    case 'report':
    case 'correct':
      return goOn(step, organization, naive);
    case 'attach':
    case 'detach':
      return attach(step, organization, naive);
    case 'move':
      naive.teamOf[step.agent] = step.team;
      organization.move(step.agent, step.team);
      return naive.catchUp();
  }
}

function act({ agent, user, run, usd }: Extract<Step, { kind: 'act' }>, organization: Organization, naive: NaiveCount) {
  const named = { user: users[user] ?? '', run: `run-${run}` };
  const acted = {
    agent,
    team: naive.teamOf[agent] ?? 0,
    ...named,
    worth: usd,
    isSaid: false,
    state: 'running' as const,
  };
  organization.act(acted, naive.acted.length);
  naive.act(acted);
}

type Going = Extract<Step, { action: number }>;

function goOn(step: Going, organization: Organization, naive: NaiveCount): void {
  const acted = naive.acted[step.action];
  if (!acted) return;
  if (acted.state === 'running') goOnRunning(step, acted, organization, naive);
  else if (step.kind === 'report' && acted.state === 'expired') report(step, acted, organization, naive);
  else if (step.kind === 'correct' && step.usd !== null && organization.correct(step.action, step.usd))
    naive.settle(acted, step.usd);
}

/** Without a budget there is no hold, and so nothing to extend and nothing that expires. */
function goOnRunning(step: Going, acted: Acted, organization: Organization, naive: NaiveCount): void {
  if (step.kind === 'report') return report(step, acted, organization, naive);
  if (!organization.isHeld(step.action)) return;
  if (step.kind === 'extend') {
    organization.extend(acted, step.action, naive.teamOf[acted.agent] ?? 0, step.usd);
    naive.extend(acted, step.usd);
  }
  if (step.kind === 'expire') {
    organization.expire(step.action);
    acted.state = 'expired';
  }
}

function report(
  { action, usd }: Extract<Step, { kind: 'report' | 'correct' }>,
  acted: Acted,
  organization: Organization,
  naive: NaiveCount,
): void {
  expect(organization.report(action, usd)).toBe(true);
  naive.settle(acted, usd);
  acted.state = 'reported';
}

function attach({ kind, point }: Extract<Step, { point: number }>, organization: Organization, naive: NaiveCount) {
  if (naive.attached.has(point) === (kind === 'attach')) return;
  if (kind === 'attach') naive.attached.add(point);
  else naive.attached.delete(point);
  organization.attach(kind === 'attach' ? 'PolicyAttached' : 'PolicyDetached', points[point]);
  if (kind === 'attach') naive.catchUp();
}

describe('a budget whose policy comes and goes, at several points, while agents move', () => {
  it('I2: counts every action once, and what was done before it counted too', { timeout: 120_000 }, () => {
    let [openings, widened] = [0, 0];
    const run = fc.check(
      fc.property(fc.array(step, { minLength: 10, maxLength: 40, size: 'max' }), (steps) => {
        const { organization, naive } = play(steps);
        openings += organization.openings;
        widened += organization.widened;
        expect(organization.told()).toEqual(naive.told());
      }),
      { numRuns: 1_500 },
    );
    console.info(`top-ups: ${run.numRuns} cases, ${openings} openings, ${widened} widened, seed ${run.seed}`);
    if (run.failed) throw new Error(fc.defaultReportMessage(run));
    expect(openings).toBeGreaterThan(400);
    expect(widened).toBeGreaterThan(1_000);
  });
});
