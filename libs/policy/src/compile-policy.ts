import { matchesPattern, parsePattern, subjectOf } from '@countersign/kernel/patterns';
import type { CompiledBudget, CompiledPolicy, CompiledRule } from './compiled-policy.ts';
import { compileCondition } from './condition/condition.ts';
import { isInFamily } from './families.ts';
import type { DocumentBudget, PolicyDocument, Rule } from './policy-document.ts';

/** Prepares a policy for evaluation, once per version. Expects a document that `parsePolicy` found without errors. */
export function compilePolicy(document: PolicyDocument): CompiledPolicy {
  const text = document.text.replaceAll('\r\n', '\n');
  return {
    name: document.name,
    mode: document.mode,
    text,
    digestInput: text,
    document,
    rules: document.rules.map(compileRule),
    budgets: document.budgets.map(compileBudget),
    referencedTeams: teamsIn(document),
  };
}

function compileRule(rule: Rule): CompiledRule {
  const pattern = parsePattern(rule.match, rule.effect === 'block' ? 'folded' : 'exact');
  if (rule.when === null) return { rule, pattern, condition: null };
  const { condition, problems } = compileCondition(rule.when);
  if (condition === null)
    throw new Error(`line ${rule.line} has a condition that does not compile: ${problems[0]?.message ?? ''}`);
  return { rule, pattern, condition };
}

function compileBudget({ name, scope, unit, window, cap, startNow, line, selects }: DocumentBudget): CompiledBudget {
  return { name, scope, unit, window, cap, startNow, line, matches: matcherOf(selects) };
}

function matcherOf(selects: DocumentBudget['selects']): CompiledBudget['matches'] {
  if ('family' in selects) return (intent, _, hasCost) => isInFamily(selects.family, intent.toLowerCase(), hasCost);
  const pattern = parsePattern(selects.pattern, 'folded');
  return (intent, target) => matchesPattern(pattern, subjectOf(intent, target));
}

function teamsIn({ rules, budgets }: PolicyDocument): readonly string[] {
  const approvals = [...rules, ...budgets].flatMap(({ approval }) => approval ?? []);
  const teams = approvals.flatMap(({ team, escalate }) => [team, escalate?.team ?? null]);
  return [...new Set(teams.filter((team) => team !== null))].sort();
}
