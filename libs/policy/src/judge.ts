import type { Subject } from '@countersign/kernel/patterns';
import { runCondition, type Condition, type Outcome } from './condition/condition.ts';
import type { Frame } from './condition/compiler.ts';
import { ConditionFault } from './condition/fault.ts';
import { defaultApproval } from './drafting.ts';
import { judgeModels, restrictionOf, type ModelRestriction } from './models.ts';
import { findMatching, indexPatterns, type PatternIndex } from './pattern-index.ts';
import type {
  ApprovalRequirement,
  AttachedPolicy,
  ConditionOutcome,
  Layer,
  Reason,
  Verdict,
} from './policy.evaluation.ts';
import { defaultReason, faultReason, ruleReason } from './reasons.ts';
import { digestedRoots, touches } from './redaction.ts';

/** Everything a set of policies needs to judge an action, prepared once. */
export interface Judge {
  readonly points: readonly Point[];
  readonly rules: PatternIndex<StackedRule>;
}

/** Policies attached at one place, which act as one. */
interface Point {
  readonly default: { readonly effect: 'block' | 'ask'; readonly reason: Reason } | null;
  readonly models: ModelRestriction | null;
}

interface StackedRule {
  readonly point: number;
  readonly reason: Reason;
  readonly condition: Condition | null;
  /** Names the condition's outcome in the ledger. */
  readonly key: string;
  /** The condition reads what will not be recorded, so its outcome must be. */
  readonly isHidden: boolean;
  readonly approval: ApprovalRequirement | null;
  readonly holdForMs: number | null;
}

export interface Recording {
  readonly record: 'full' | 'digest';
  readonly redact: readonly string[];
}

/** Expects the policies widest layer first; those of one layer and point act as one. */
export function judgeOf(attached: readonly AttachedPolicy[], recording: Recording): Judge {
  const groups = groupByPoint(attached);
  const rules = groups.flatMap((policies, point) => policies.flatMap((each) => stackRules(each, point, recording)));
  return { points: groups.map(pointOf), rules: indexPatterns(rules) };
}

function groupByPoint(attached: readonly AttachedPolicy[]): readonly (readonly AttachedPolicy[])[] {
  const points = new Map<string, AttachedPolicy[]>();
  for (const each of attached) {
    const key = `${each.layer}/${each.point}`;
    points.set(key, [...(points.get(key) ?? []), each]);
  }
  return [...points.values()];
}

function stackRules(attached: AttachedPolicy, point: number, recording: Recording) {
  const { policy, layer, version } = attached;
  return policy.rules.map(({ rule, pattern, condition }, index) => ({
    pattern,
    value: {
      point,
      reason: ruleReason(attached, rule),
      condition,
      key: `${layer}/${policy.name}@${version}#${index}`,
      isHidden: condition !== null && readsHidden(condition, recording),
      approval: rule.approval,
      holdForMs: rule.effect === 'block' ? null : rule.holdForMs,
    },
  }));
}

const readsHidden = ({ reads }: Condition, { record, redact }: Recording) =>
  reads.some(
    (path) =>
      (record === 'digest' && digestedRoots.has(path[0] as string)) || redact.some((each) => touches(path, each)),
  );

function pointOf(policies: readonly AttachedPolicy[]): Point {
  const stated = policies.map((attached) => ({
    attached,
    effect: attached.policy.document.default ?? defaultAt(attached.layer),
  }));
  const strictest = stated.find(({ effect }) => effect === 'block') ?? stated.find(({ effect }) => effect === 'ask');
  return {
    default: strictest
      ? {
          effect: strictest.effect as 'block' | 'ask',
          reason: defaultReason(strictest.attached, strictest.effect as 'block' | 'ask'),
        }
      : null,
    models: restrictionOf(policies),
  };
}

/** An agent's policy is a list of what it may do; an organization's need not name everything. */
const defaultAt = (layer: Layer) => (layer === 'agent' ? 'block' : 'abstain');

export interface Judgement {
  /** Null when every point abstains. */
  verdict: Verdict | null;
  readonly reasons: Reason[];
  readonly asks: ApprovalRequirement[];
  holdForMs: number | null;
  usesNow: boolean;
  readonly outcomes: ConditionOutcome[];
}

const rank: Record<Verdict, number> = { allow: 1, ask: 2, block: 3 };
const verdicts = [null, 'allow', 'ask', 'block'] as const;

/** Within a point block outweighs ask outweighs allow outweighs the default; across points the strictest wins. */
export function judge({ points, rules }: Judge, subject: Subject, frame: Frame): Judgement {
  const judgement: Judgement = { verdict: null, reasons: [], asks: [], holdForMs: null, usesNow: false, outcomes: [] };
  const effects = new Array<number>(points.length).fill(0);
  for (const { value } of findMatching(rules, subject)) {
    const effect = applyRule(value, judgement, frame);
    if (effect > (effects[value.point] as number)) effects[value.point] = effect;
  }
  for (let index = 0; index < points.length; index += 1)
    effects[index] = applyPoint(points[index] as Point, effects[index] as number, { judgement, subject, frame });

  judgement.verdict = verdicts[Math.max(0, ...effects)] ?? null;
  if (judgement.reasons.length > 1) judgement.reasons.sort((a, b) => rank[b.effect] - rank[a.effect]);
  return judgement;
}

/** The rank of what the rule says, 0 when its condition does not hold. */
function applyRule(rule: StackedRule, judgement: Judgement, frame: Frame): number {
  const outcome = rule.condition === null ? 'held' : outcomeOf(rule, rule.condition, { judgement, frame });
  if (outcome === 'failed') return 0;
  if (outcome instanceof ConditionFault) {
    judgement.reasons.push(faultReason(rule.reason, rule.condition?.text ?? '', outcome));
    return rank.block;
  }
  note(rule, judgement);
  return rank[rule.reason.effect];
}

function note({ reason, approval, holdForMs }: StackedRule, judgement: Judgement): void {
  judgement.reasons.push(reason);
  if (approval !== null) judgement.asks.push(approval);
  if (holdForMs !== null) judgement.holdForMs = Math.min(holdForMs, judgement.holdForMs ?? holdForMs);
}

interface Evaluating {
  readonly judgement: Judgement;
  readonly frame: Frame;
}

function outcomeOf(rule: StackedRule, condition: Condition, { judgement, frame }: Evaluating): Outcome {
  if (condition.readsNow) judgement.usesNow = true;
  const recorded = frame.input.recorded?.get(rule.key);
  const outcome = recorded === undefined ? runCondition(condition, frame) : asRun(recorded);
  // Over-cost is recorded too: it depends on what the conditions before it spent.
  const isOver = outcome instanceof ConditionFault && outcome.kind === 'cost';
  if (rule.isHidden || isOver) judgement.outcomes.push({ key: rule.key, outcome: asRecorded(outcome) });
  return outcome;
}

function asRecorded(outcome: Outcome): ConditionOutcome['outcome'] {
  if (!(outcome instanceof ConditionFault)) return outcome;
  return { [outcome.kind]: outcome.message } as ConditionOutcome['outcome'];
}

function asRun(recorded: ConditionOutcome['outcome']): Outcome {
  if (typeof recorded === 'string') return recorded;
  return 'cost' in recorded ? new ConditionFault('cost', recorded.cost) : new ConditionFault('error', recorded.error);
}

interface AtPoint extends Evaluating {
  readonly subject: Subject;
}

/** The rank of what the point says once its default and its models have had their say. */
function applyPoint(
  { default: otherwise, models }: Point,
  effect: number,
  { judgement, subject, frame }: AtPoint,
): number {
  const refused = models === null ? null : judgeModels(models, subject, frame.input);
  let settled = effect;
  if (refused !== null) {
    judgement.reasons.push(refused);
    settled = rank.block;
  }
  if (settled > 0 || otherwise === null) return settled;
  judgement.reasons.push(otherwise.reason);
  if (otherwise.effect === 'ask') judgement.asks.push(defaultApproval);
  return rank[otherwise.effect];
}
