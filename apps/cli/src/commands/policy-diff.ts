import { comparePolicies, diffPolicies, type PolicyDiff, type Problem } from '@countersign/policy';
import type { Command } from 'commander';
import type { Paint } from '../format/paint.ts';
import { printAnswer } from '../format/print.ts';
import { connect, type ConnectionFlags } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';
import { resolvePolicy, type NamedPolicy } from '../policy/policy-reference.ts';

export const policyDiffCommand = (): Command =>
  operatorCommand(
    'diff',
    'Show what changes between two policies: files, or published ones as NAME or NAME@VERSION.\nTwo files need no server. One alone is compared with what is published under its name.',
    'countersign policy diff support-agent.yaml\ncountersign policy diff support-agent@2 support-agent@3\ncountersign policy diff old.yaml new.yaml',
  )
    .argument('<old>', 'file, NAME or NAME@VERSION')
    .argument('[new]', 'the same')
    .action(async (old: string, next: string | undefined, flags: ConnectionFlags) => {
      const [before, after] = await both(old, next, flags);
      const diff = diffPolicies(before.policy, after.policy);
      const problems = comparePolicies(before.policy, after.policy);
      printAnswer({ from: before.title, to: after.title, ...diff, problems }, flags, (answer, paint) =>
        diffWords(answer, paint),
      );
    });

async function both(
  old: string,
  next: string | undefined,
  flags: ConnectionFlags,
): Promise<readonly [NamedPolicy, NamedPolicy]> {
  const session = () => connect(flags);
  const first = await resolvePolicy(old, session);
  if (next !== undefined) return [first, await resolvePolicy(next, session)];
  return [await resolvePolicy(first.policy.name, session), first];
}

interface DiffAnswer extends PolicyDiff {
  readonly from: string;
  readonly to: string;
  readonly problems: readonly Problem[];
}

/** The meaning first, then the text; exported for its spec. */
export function diffWords({ from, to, text, rules, budgets, problems }: DiffAnswer, paint: Paint): string {
  if (text === '') return `${from} and ${to} say the same`;
  const lines = [
    ...rules.removed.map((rule) => paint('red', `- rule ${rule}`)),
    ...rules.added.map((rule) => paint('green', `+ rule ${rule}`)),
    ...budgets.removed.map((name) => paint('red', `- budget ${name}`)),
    ...budgets.added.map((name) => paint('green', `+ budget ${name}`)),
    ...budgets.changed.map((change) => paint('yellow', `~ budget ${change}`)),
    ...problems.map(({ message, code }) => paint('red', `cannot be published: ${message} [${code}]`)),
  ];
  return [`from ${from} to ${to}`, ...lines, '', coloured(text, paint)].join('\n');
}

const coloured = (text: string, paint: Paint) =>
  text
    .split('\n')
    .map((line) => colouredLine(line, paint))
    .join('\n');

function colouredLine(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('green', line);
  return line.startsWith('-') ? paint('red', line) : line;
}
