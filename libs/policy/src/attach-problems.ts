import type { CompiledRule } from './compiled-policy.ts';
import type { PolicyDocument } from './policy-document.ts';
import type { AttachedPolicy } from './policy.evaluation.ts';
import type { Problem } from './problem.ts';
import { touches } from './redaction.ts';
import { onlyShadow } from './stack.ts';

/**
 * What is wrong with policies that are each right, attached together to one agent (and user): nothing but shadows, or
 * one policy hiding what another asks people about. Within one policy `parsePolicy` has said so already.
 */
export function attachProblems(attached: readonly AttachedPolicy[]): Problem[] {
  if (onlyShadow(attached))
    return [
      problem(
        'policy.only_shadow',
        1,
        'Only shadow policies would be attached, which decide nothing: attach the template `observe` beside them.',
      ),
    ];
  const enforced = attached.filter(({ policy }) => policy.mode === 'enforce');
  return [...hidingDigests(enforced), ...hidingRedactions(enforced)];
}

const problem = (code: string, line: number, message: string): Problem => ({
  severity: 'error',
  code,
  line,
  column: 1,
  path: '',
  message,
});

function hidingDigests(enforced: readonly AttachedPolicy[]): readonly Problem[] {
  const asking = enforced.find(({ policy }) => asksPeople(policy.document));
  const hiding = enforced.find(({ policy }) => policy.document.record === 'digest');
  if (!asking || !hiding) return [];
  const message = `\`${hiding.policy.name}\` records only digests, and \`${asking.policy.name}\` asks people, who would see nothing to judge.`;
  return [problem('policy.hidden_from_approver', 1, message)];
}

function hidingRedactions(enforced: readonly AttachedPolicy[]): readonly Problem[] {
  return enforced.flatMap(({ policy: hiding }) =>
    enforced.flatMap(({ policy: asking }) =>
      asking.rules.flatMap((rule) => {
        const hidden = hiding === asking ? undefined : hidesFrom(rule, hiding.document.redact);
        if (hidden === undefined) return [];
        const message = `\`${asking.name}\` asks people because of \`${hidden}\`, which \`${hiding.name}\` redacts.`;
        return [problem('policy.hidden_from_approver', rule.rule.line, message)];
      }),
    ),
  );
}

function hidesFrom({ rule, condition }: CompiledRule, redact: readonly string[]): string | undefined {
  if (rule.effect !== 'ask') return undefined;
  return redact.find(
    (path) => path === 'args' || path === 'target' || condition?.reads.some((read) => touches(read, path)),
  );
}

const asksPeople = ({ rules, default: otherwise, unknownPrice, neverAutoApprove, budgets }: PolicyDocument) =>
  otherwise === 'ask' ||
  unknownPrice === 'ask' ||
  neverAutoApprove.length > 0 ||
  rules.some(({ effect }) => effect === 'ask') ||
  budgets.some(({ onExceed }) => onExceed === 'ask');
