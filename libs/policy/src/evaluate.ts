import { subjectOf, type Subject } from '@countersign/kernel/patterns';
import type { Frame } from './condition/compiler.ts';
import { frameOf } from './condition/condition.ts';
import { defaultApproval } from './drafting.ts';
import { isInFamily } from './families.ts';
import { judge, type Judgement } from './judge.ts';
import { findMatching, type Entry } from './pattern-index.ts';
import type {
  AttachedPolicy,
  Evaluation,
  EvaluationInput,
  Reason,
  SelectedBudget,
  ShadowVerdict,
  StatedCost,
  Verdict,
} from './policy.evaluation.ts';
import { noneReason } from './reasons.ts';
import { mergeRequirements } from './requirements.ts';
import { compileStack, type Stack } from './stack.ts';

/** Judges one action by the policies attached. Use `compileStack` once and `evaluateStack` where there are many actions. */
export const evaluate = (attached: readonly AttachedPolicy[], input: EvaluationInput): Evaluation =>
  evaluateStack(compileStack(attached), input);

/**
 * Judges one action. Pure: the same stack and input give the same evaluation. Never throws for anything an agent sent:
 * what cannot be judged is a block that says why.
 */
export function evaluateStack(stack: Stack, input: EvaluationInput): Evaluation {
  const subject = subjectOf(input.intent, input.target);
  const judgement = judge(stack.judge, subject, frameOf(input));
  const people = findMatching(stack.neverAutoApprove, subject);
  const settled = settle(judgement, people, stack);
  const shadow = judgeShadows(stack, subject, { input, judgement });
  // Written out, because spreading the settings took ten times as long as all the judging.
  const { maxNews, prices, unknownPrice, record, redact, explain } = stack.settings;
  return {
    maxNews,
    prices,
    unknownPrice,
    record,
    redact,
    explain,
    verdict: settled.verdict,
    reasons: settled.reasons,
    requirements:
      settled.verdict === 'ask' ? mergeRequirements(settled.asks, input.agent.team, people.length > 0) : none,
    budgets: selectBudgets(stack, subject, input.cost),
    rates: valuesOf(findMatching(stack.rates, subject)),
    shadow,
    holdForMs: judgement.holdForMs,
    usesNow: judgement.usesNow,
    neverAutoApprove: people.length > 0,
    outcomes: judgement.outcomes,
  };
}

const none: readonly never[] = [];

const valuesOf = <T>(entries: readonly Entry<T>[]): readonly T[] =>
  entries.length === 0 ? none : entries.map(({ value }) => value);

interface Settled {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly asks: Judgement['asks'];
}

/** Where nobody has anything to say it is a block; what must never pass by itself goes to people instead of passing. */
function settle({ verdict, reasons, asks }: Judgement, people: readonly Entry<Reason>[], { attached }: Stack): Settled {
  if (verdict === null)
    return { verdict: 'block', reasons: [noneReason(attached, attached.at(-1)?.layer ?? 'organization')], asks };
  if (people.length === 0 || verdict === 'block') return { verdict, reasons, asks };
  const [askReasons, others] = [
    reasons.filter(({ effect }) => effect === 'ask'),
    reasons.filter(({ effect }) => effect !== 'ask'),
  ];
  return {
    verdict: 'ask',
    reasons: [...askReasons, ...people.map(({ value }) => value), ...others],
    asks: verdict === 'allow' ? [defaultApproval] : asks,
  };
}

function selectBudgets({ budgets, families }: Stack, subject: Subject, cost: StatedCost): readonly SelectedBudget[] {
  const selected = valuesOf(findMatching(budgets, subject));
  if (families.length === 0) return selected;
  const hasCost = statesCost(cost);
  const all = selected.slice();
  for (const { family, budget } of families) if (isInFamily(family, subject.intent, hasCost)) all.push(budget);
  return all;
}

/** Whether the action says anything about its cost: an unknown price is a cost too. */
const statesCost = ({ usdNanos, tokens, provider, model, inputTokens, maxOutputTokens }: StatedCost) =>
  usdNanos !== null || tokens !== null || (provider ?? model ?? inputTokens ?? maxOutputTokens) !== undefined;

interface Watching {
  readonly input: EvaluationInput;
  /** Learns what the shadows read: outcomes and `now`. */
  readonly judgement: Judgement;
}

/** Each shadow policy alone, at its place. They share a cost limit of their own, so that watching never blocks. */
function judgeShadows({ shadows }: Stack, subject: Subject, { input, judgement }: Watching): readonly ShadowVerdict[] {
  if (shadows.length === 0) return none;
  const frame: Frame = frameOf(input);
  return shadows.flatMap(({ attached: { policy, version, layer }, judge: alone }) => {
    const { verdict, reasons, usesNow, outcomes } = judge(alone, subject, frame);
    judgement.usesNow ||= usesNow;
    judgement.outcomes.push(...outcomes);
    return verdict === null ? [] : [{ policy: policy.name, version, layer, verdict, reasons }];
  });
}
