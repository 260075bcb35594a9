import { compileCondition } from './condition/condition.ts';
import { approvalFrom, durationIn, report, SECOND_MS, type Drafting } from './drafting.ts';
import { loosenessOf } from './loose-target.ts';
import type { Rule } from './policy-document.ts';
import { AT, type ApprovalSource, type PlacedPolicy } from './policy-source.ts';
import type { Verdict } from './policy.evaluation.ts';
import { touches } from './redaction.ts';
import type { YamlPath } from './yaml-reader.ts';

const holdTime = { from: SECOND_MS, to: 24 * 3_600_000 };

interface PlacedRule {
  readonly match: string;
  readonly when?: string | undefined;
  readonly message?: string | undefined;
  readonly holdFor?: string | undefined;
  readonly approval?: ApprovalSource | undefined;
  readonly [AT]: YamlPath;
}

/** The rules in the order of the text. */
export function buildRules(policy: PlacedPolicy, draft: Drafting): readonly Rule[] {
  const rules = (['allow', 'ask', 'block'] as const).flatMap((effect) =>
    (policy[effect] ?? []).map((rule) => buildRule(effect, rule, policy, draft)),
  );
  return rules.sort((a, b) => a.line - b.line);
}

function buildRule(effect: Verdict, rule: PlacedRule, policy: PlacedPolicy, draft: Drafting): Rule {
  const path = rule[AT];
  checkTarget(rule.match, path, draft);
  const readsTarget = rule.when !== undefined && checkCondition(rule.when, effect, { path, policy, draft });
  if (effect === 'allow' && !readsTarget) warnOfLooseTarget(rule.match, path, draft);
  return {
    effect,
    match: rule.match,
    when: rule.when ?? null,
    message: rule.message ?? null,
    approval: effect === 'ask' ? approvalFrom(rule.approval, [...path, 'approval'], draft) : null,
    holdForMs: rule.holdFor === undefined ? null : durationIn(holdTime, rule.holdFor, [...path, 'holdFor'], draft),
    line: draft.yaml.locate(path).line,
  };
}

interface Checking {
  readonly path: YamlPath;
  readonly policy: PlacedPolicy;
  readonly draft: Drafting;
}

/** Reports what is wrong or doubtful; answers whether the condition looks at the target. */
function checkCondition(text: string, effect: Verdict, { path, policy, draft }: Checking): boolean {
  const where = [...path, 'when'];
  const { condition, problems, unguarded } = compileCondition(text);
  for (const { at, message } of problems)
    report(draft, {
      code: 'policy.condition',
      path: where,
      message: `\`when\`: ${message}.`,
      place: draft.yaml.locateText(where, at),
    });
  for (const { path: read, at } of unguarded) {
    const message = `An action without \`${read.join('.')}\` is blocked, whatever other rules say; to let them decide, begin with \`${guardsFor(read)} &&\`.`;
    report(draft, {
      severity: 'warning',
      code: 'policy.unguarded_path',
      path: where,
      message,
      place: draft.yaml.locateText(where, at),
    });
  }
  const reads = condition?.reads ?? [];
  const hidden =
    effect === 'ask' ? policy.redact?.find((redact) => reads.some((read) => touches(read, redact))) : undefined;
  if (hidden !== undefined)
    report(draft, {
      code: 'policy.hidden_from_approver',
      path: where,
      message: `This asks a person because of \`${hidden}\`, which \`redact\` hides from them.`,
    });
  return reads.some(([root]) => root === 'target');
}

const guardsFor = (path: readonly string[]) => {
  const [root, ...steps] = path;
  const first = root === 'agent' ? 2 : 1;
  const prefixes = steps.slice(first - 1).map((_, index) => path.slice(0, first + index + 1));
  return prefixes.map((prefix) => `has(${prefix.map(asStep).join('')})`).join(' && ');
};

const asStep = (step: string, index: number) => {
  if (index === 0) return step;
  return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
};

/** Says that a pattern such as `slack.post:` selects only what has no target. */
export function checkTarget(match: string, path: YamlPath, draft: Drafting): void {
  if (match.indexOf(':') !== match.length - 1) return;
  const message = `\`${match}\` matches only actions without a target: write \`${match}*\` or \`${match.slice(0, -1)}\` for any.`;
  report(draft, { severity: 'warning', code: 'policy.empty_target', path, message });
}

function warnOfLooseTarget(match: string, path: YamlPath, draft: Drafting): void {
  const colon = match.indexOf(':');
  const looseness = colon < 0 ? null : loosenessOf(match.slice(colon + 1));
  if (looseness === null) return;
  const message = `\`${match}\` allows more than it seems to: ${looseness.because}. Consider \`match: "${match.slice(0, colon)}:*"\` with \`${looseness.instead}\`.`;
  report(draft, { severity: 'warning', code: 'policy.loose_target', path, message });
}
