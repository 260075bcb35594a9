import {
  bundledPriceBook,
  addressOfKey,
  createCalendar,
  meterAction,
  type ActionCost,
  type BudgetScope,
  type Counter,
  type CounterKey,
  type OutcomeCost,
  type WindowKind,
} from '@countersign/budgets';
import {
  formatAmount,
  instant,
  type DecisionId,
  type Instant,
  type OrganizationId,
  type Unit,
} from '@countersign/kernel';
import { emptyAgents } from '@countersign/agents';
import { emptyPolicies, evolvePolicies, type Attachment } from '@countersign/policy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openedBy, openingsOf, openingsStart, portioned } from './budget-openings.ts';
import { evolve, type AnyEvent } from './catalog.ts';
import type { ActionDecided, BudgetFigure, DecisionEvent } from './decision.events.ts';
import { emptyEnforcement } from './enforcement-state.ts';
import { decideCorrection } from './hold-corrections.ts';
import { historyOf, type DecisionFact } from './history.ts';
import { decideOutcome, type OutcomeReport } from './outcome.ts';
import { PastActions } from './past-actions.ts';
import { runningIn, widenedBy } from './widened-holds.ts';

const acme = '00000000-0000-4000-8000-000000000003' as OrganizationId;
const id = (prefix: string, number: number) => `${prefix}_${number.toString(16).padStart(32, '0')}`;
const agents = [1, 2].map((number) => id('agt', number));
const teams = [1, 2].map((number) => id('team', number));

const now = instant(Date.parse('2026-11-20T12:30:30.500Z'));
const calendar = createCalendar([{ zone: 'Europe/Zurich', from: instant(0) }]);
const pricingAt = (at: Instant) => ({ rules: [], book: bundledPriceBook(), at });

/** One action and its fate, in the order things happen; everything else follows. */
interface Script {
  readonly minutesAgo: number;
  readonly agent: number;
  readonly team: number;
  readonly user: string | null;
  readonly run: string | null;
  readonly intent: string;
  readonly target: string;
  readonly cost: ActionCost | null;
  readonly isAllowed: boolean;
  readonly extensions: readonly number[];
  readonly ends: 'open' | 'reported' | 'expired' | 'late';
  readonly status: OutcomeReport['status'];
  readonly paid: OutcomeCost | null;
  readonly corrected: OutcomeCost | null;
}

/** A budget as the naive recount understands it. */
interface Plan {
  readonly unit: Unit;
  readonly scope: BudgetScope;
  readonly window: WindowKind;
  readonly intent: string;
  readonly assume: bigint | null;
  readonly layer: Attachment['layer'];
  readonly point: string;
}

const cents = fc
  .integer({ min: 0, max: 500 })
  .map((amount) => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`);
const tokens = fc.integer({ min: 0, max: 900 });
const model = { provider: fc.constant('openai'), model: fc.constant('gpt-4o'), inputTokens: tokens };
const actionCost: fc.Arbitrary<ActionCost> = fc.oneof(
  fc.record({ usd: cents }),
  fc.record({ usd: cents, tokens }),
  fc.record({ ...model, maxOutputTokens: tokens }),
  fc.record(model),
);
const outcomeCost: fc.Arbitrary<OutcomeCost> = fc.oneof(
  fc.record({ usd: cents }),
  fc.record({ usd: cents, tokens }),
  fc.record({ ...model, outputTokens: tokens }),
);
const script: fc.Arbitrary<Script> = fc.record({
  minutesAgo: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 3 * 1_440 })),
  agent: fc.nat(1),
  team: fc.nat(1),
  user: fc.constantFrom(null, 'ada', 'grace'),
  run: fc.constantFrom(null, 'run-1', 'run-2'),
  intent: fc.constantFrom('shop.buy', 'mail.send'),
  target: fc.constantFrom('books', 'toys'),
  cost: fc.option(actionCost),
  isAllowed: fc.integer({ min: 0, max: 4 }).map((draw) => draw > 0),
  extensions: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 2 }),
  ends: fc.constantFrom('open', 'reported', 'expired', 'late'),
  status: fc.constantFrom('success', 'error', 'cancelled'),
  paid: fc.option(outcomeCost),
  corrected: fc.option(outcomeCost),
});

const unit = fc.constantFrom<Unit>('usd', 'tokens', 'calls');
const plan: fc.Arbitrary<Plan> = fc
  .record({
    unit,
    scope: fc.constantFrom<BudgetScope>('organization', 'team', 'agent', 'user', 'run'),
    window: fc.constantFrom<WindowKind>('minute', 'hour', 'day', 'month', 'total'),
    intent: fc.constantFrom('*', 'shop.*', 'mail.send'),
    assume: fc.constantFrom(null, 2n),
    place: fc.constantFrom(
      { layer: 'organization' as const, point: acme as string },
      { layer: 'team' as const, point: teams[0] as string },
      { layer: 'agent' as const, point: agents[1] as string },
      { layer: 'user' as const, point: 'ada' },
    ),
  })
  .map(({ place, ...rest }) => ({
    ...rest,
    ...place,
    window: rest.scope === 'run' ? 'total' : rest.window,
    assume: rest.unit === 'calls' ? null : rest.assume && (rest.unit === 'usd' ? 2_000_000_000n : 2n),
  }));

const documentOf = ({ unit, scope, window, intent, assume }: Plan) => `apiVersion: countersign/v1
name: added
allow: ["*"]
budgets:
  - { name: cap, scope: ${scope}, match: "${intent}", unit: ${unit}, window: ${window}, cap: 100${assume === null ? '' : ', assume: "2"'} }
`;

const naive = (plan: Plan, { user, run, intent, ...script }: Script) => {
  const [agent, team] = [agents[script.agent] as string, teams[script.team] as string];
  const points = { organization: acme as string, team, agent, user };
  const isCounted =
    points[plan.layer] === plan.point && (plan.intent === '*' || intent.startsWith(plan.intent.replace('*', '')));
  return { isCounted, instance: { ...points, user: user ?? '', run: `${agent}/${run ?? ''}` }[plan.scope] };
};

/** A budget that was in force when the action was decided, as its event tells of it. */
const figure = (
  policy: string,
  plan: Plan,
  script: Script,
  { asked, at }: { asked: bigint; at: Instant },
): BudgetFigure => {
  const { start, end } = calendar.windowOf(plan.window, at);
  const address = { policy, budget: 'cap', scope: plan.scope, instance: naive(plan, script).instance };
  const figures = { cap: '100', spent: '0', held: '0', asked: formatAmount(plan.unit, asked) };
  return { ...address, unit: plan.unit, window: plan.window, windowStart: start, windowEnd: end, ...figures };
};

type Figures = (asked: bigint | null, at: Instant) => BudgetFigure[];

/** One action as it goes on, by the same deciders as always. Nothing happens to it later than now. */
class Story {
  readonly facts: DecisionFact[] = [];
  readonly decisionId: DecisionId;
  at: Instant;

  constructor(
    private readonly script: Script,
    index: number,
    private readonly figures: Figures,
    private readonly unit: Unit,
  ) {
    this.decisionId = id('dec', index) as DecisionId;
    this.at = instant(now - script.minutesAgo * 60_000 - 100);
  }

  /** What no budget counts holds nothing, and so neither expires nor is extended or corrected. */
  get isHeld(): boolean {
    return historyOf(this.facts).entries.length > 0;
  }

  decide(): void {
    const { cost, intent, target, user, run, isAllowed, agent, team } = this.script;
    const metered = meterAction(cost, pricingAt(this.at));
    const optional = { ...(cost && { cost }), ...(user && { user }), ...(run && { run }) };
    const decided = {
      decisionId: this.decisionId,
      agent: { id: agents[agent], team: teams[team] },
      action: { intent, target, ...optional },
      verdict: isAllowed ? 'allow' : 'block',
      ...(metered.price && { price: metered.price }),
      budgets: this.figures(metered.amounts[this.unit], this.at),
      rates: [],
      hold: isAllowed ? { expiresAt: this.at } : null,
    };
    this.#record({ type: 'ActionDecided', data: decided as unknown as ActionDecided });
  }

  extend(extra: number, number: number): void {
    this.#later(extra * 40);
    const budgets = this.figures(this.unit === 'calls' ? 0n : BigInt(extra), this.at);
    const decided = {
      extensionId: String(number),
      verdict: 'allow',
      reasons: [],
      expiresAt: this.at,
      retryAt: null,
    } as const;
    this.#record({ type: 'ExtensionDecided', data: { decisionId: this.decisionId, ...decided, reasons: [], budgets } });
  }

  expire(): void {
    this.#later(7);
    this.#record({ type: 'HoldExpired', data: { decisionId: this.decisionId, expiredAt: this.at } });
  }

  report(): void {
    const { status, paid } = this.script;
    this.#later(7);
    const history = historyOf(this.facts);
    const report = { status, ...(paid && status !== 'cancelled' && { cost: paid }) };
    const open = this.isHeld && !history.hasExpired ? history.entries : null;
    const decision = decideOutcome(this.decisionId, report, { open, history, pricing: pricingAt(this.at) });
    if (decision.outcome === 'accepted') decision.events.forEach((event) => this.#record(event));
  }

  correct(cost: OutcomeCost): void {
    this.#later(3);
    const decision = decideCorrection(
      { decisionId: this.decisionId, cost, reason: 'invoice' },
      this.facts,
      pricingAt(this.at),
    );
    if (decision.outcome === 'accepted') decision.events.forEach((event) => this.#record(event));
  }

  #later(minutes: number): void {
    this.at = instant(Math.min(this.at + minutes * 60_000 + 1, now - 1));
  }

  #record(event: DecisionEvent): void {
    this.facts.push({ event, position: 0, recordedAt: this.at });
  }
}

function streamOf(script: Script, index: number, figures: Figures, unit: Unit): readonly DecisionFact[] {
  const story = new Story(script, index, figures, unit);
  story.decide();
  if (!script.isAllowed) return story.facts;
  if (story.isHeld) holdOn(story, script);
  else if (script.ends === 'reported') story.report();
  return story.facts;
}

function holdOn(story: Story, { extensions, ends, corrected }: Script): void {
  extensions.forEach((extra, number) => story.extend(extra, number));
  if (ends === 'expired' || ends === 'late') story.expire();
  if (ends === 'reported' || ends === 'late') story.report();
  if (corrected) story.correct(corrected);
}

/** One organization's events in the order of time. */
const inOrder = (streams: readonly (readonly DecisionFact[])[]) =>
  streams.flat().sort((one, other) => one.recordedAt - other.recordedAt);

/**
 * What the other budget assumes of an action that does not say its cost; it must not be taken for the cost. Nobody
 * corrects to as much: a correction that changes nothing is not recorded, and no opening could learn from it.
 */
const ASSUMED_BY_OTHER = 901n;

interface History {
  readonly plan: Plan;
  readonly scripts: readonly Script[];
  readonly hasOther: boolean;
}

function streamsOf({ plan, scripts, hasOther }: History, isInForce: boolean) {
  const other: Plan = { ...plan, scope: 'agent', window: 'total', intent: '*', layer: 'organization', point: acme };
  return scripts.map((script, index) => {
    const figures = (asked: bigint | null, at: Instant) => {
      const amount = { asked: asked ?? plan.assume ?? 0n, at };
      return [
        ...(hasOther ? [figure('other', other, script, { asked: asked ?? ASSUMED_BY_OTHER, at })] : []),
        ...(isInForce && naive(plan, script).isCounted ? [figure('added', plan, script, amount)] : []),
      ];
    };
    // Without any budget in force there is no hold; the recount must not invent what could not have happened.
    const plain: Script = hasOther
      ? script
      : { ...script, extensions: [], corrected: null, ends: script.ends === 'open' ? 'open' : 'reported' };
    return streamOf(plain, index, figures, plan.unit);
  });
}

/** What the budget's current windows would have used, had it been in force from the beginning. */
function recount(history: History): Record<string, string> {
  const state = emptyEnforcement();
  for (const { event, recordedAt: at } of inOrder(streamsOf(history, true)))
    evolve(state, { event, at, streamVersion: 1 });
  return told(currentOf(history, state.counters));
}

function currentOf({ plan }: History, counters: Iterable<readonly [CounterKey, Counter]>) {
  const { start } = calendar.windowOf(plan.window, now);
  return [...counters].filter(([key]) => {
    const address = addressOfKey(key);
    return address?.policy === 'added' && address.windowStart === start;
  });
}

const told = (counters: Iterable<readonly [CounterKey, Counter]>) =>
  Object.fromEntries(
    [...counters]
      .flatMap(([key, { spent, held }]) => (spent + held === 0n ? [] : [[key, String(spent + held)] as const]))
      .sort(),
  );

function openings({ plan }: History) {
  const policies = { ...emptyPolicies(), ...emptyAgents() };
  const { layer, point } = plan;
  evolvePolicies(policies, {
    type: 'PolicyPublished',
    data: { name: 'added' as never, version: 1, document: documentOf(plan), note: '' },
  });
  return openingsOf(policies, [{ type: 'PolicyAttached', data: { name: 'added' as never, layer, point } }]);
}

/** As the server reads: from the earliest window on, and the whole streams of what was extended since. */
function opened(history: History): Record<string, string> {
  const opening = openings(history);
  const start = openingsStart(opening, calendar, now);
  const past = new PastActions(acme, opening);
  const streams = streamsOf(history, false);
  const add = ({ event, recordedAt }: DecisionFact) => past.add(event as AnyEvent, recordedAt, 0);
  inOrder(streams)
    .filter(({ recordedAt }) => recordedAt >= start)
    .forEach(add);
  for (const stray of past.takeStrays()) streams[Number.parseInt(stray.slice(-8), 16)]?.forEach(add);
  const running = runningIn(past, now);
  const widened = widenedBy(opening, past, { running, holds: { has: () => true }, calendar, now });
  const opened = openedBy(opening, past, calendar, now).flatMap(portioned);
  const state = emptyEnforcement();
  for (const event of [...opened, ...widened]) evolve(state, { event, at: now, streamVersion: 1 });
  return told(currentOf(history, state.counters));
}

describe('a budget added in mid-window', () => {
  it('I2: starts from what it would have used had it been in force all along', { timeout: 120_000 }, () => {
    const history = fc.record({
      plan,
      scripts: fc.array(script, { minLength: 1, maxLength: 12 }),
      hasOther: fc.boolean(),
    });
    let used = 0;
    const run = fc.check(
      fc.property(history, (each) => {
        const expected = recount(each);
        used += Object.keys(expected).length > 0 ? 1 : 0;
        expect(opened(each)).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
    console.info(`openings: ${run.numRuns} cases, ${used} with something used, seed ${run.seed}`);
    if (run.failed) throw new Error(fc.defaultReportMessage(run));
    expect(used).toBeGreaterThan(300);
  });
});
