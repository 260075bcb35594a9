import path from 'node:path';
import { writeFile } from 'node:fs/promises';
import { applyTemplate, policyTemplates, runCases, TemplateError, type CaseRun } from '@countersign/policy';
import type { Command } from 'commander';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { caseWords } from '../format/cases.ts';
import { printAnswer } from '../format/print.ts';
import { localCommand } from '../operator/operator-command.ts';
import { overridesOf } from '../policy/overrides.ts';
import { policiesByName, problemLine, readPolicyFile, type PolicyFile } from '../policy/policy-file.ts';
import { readGiven } from '../read-given.ts';

interface JsonFlag {
  readonly json?: true;
}

export const policyValidateCommand = (): Command =>
  localCommand(
    'validate',
    'Check policy files: every problem at once, as file:line:column.',
    'countersign policy validate policies/*.yaml',
  )
    .argument('<file...>', 'policy files')
    .option('--strict', 'warnings count as errors')
    .action(async (files: string[], flags: JsonFlag & { strict?: true }) => {
      const read = await Promise.all(files.map(readPolicyFile));
      const answer = {
        files: read.map(({ file, problems, policy }) => ({ file, name: policy?.name ?? null, problems })),
      };
      printAnswer(answer, flags, () => read.flatMap(fileLines).join('\n'));
      const counted = read
        .flatMap(({ problems }) => problems)
        .filter(({ severity }) => flags.strict || severity === 'error');
      if (counted.length > 0) process.exitCode = exitCode.no;
    });

const fileLines = ({ file, problems, policy }: PolicyFile): readonly string[] => [
  ...problems.map((problem) => problemLine(file, problem)),
  ...(policy ? [`${file}: policy \`${policy.name}\` can be published`] : []),
];

export const policyTestCommand = (): Command =>
  localCommand(
    'test',
    'Run test cases against policies, without a server. A case says an action and the verdict it wants;\npolicies it names are looked for among the files of its own folder.',
    'countersign policy test policies/support-agent.cases.yaml',
  )
    .argument('<cases...>', '*.cases.yaml files')
    .option('--policies <folder>', 'where the policies are; else beside the cases')
    .action(async (files: string[], flags: JsonFlag & { policies?: string }) => {
      const runs = await Promise.all(files.map(async (file) => ({ file, ...(await runFile(file, flags.policies)) })));
      printAnswer({ runs }, flags, (_, paint) => runs.map((run) => caseWords(run, paint)).join('\n'));
      const hasFailed = runs.some(
        ({ problems, results }) => problems.length > 0 || results.some(({ passed }) => !passed),
      );
      if (hasFailed) process.exitCode = exitCode.no;
    });

async function runFile(file: string, folder = path.dirname(file)): Promise<CaseRun> {
  const [text, policies] = await Promise.all([readGiven(file), policiesByName(folder)]);
  return runCases(text, (name) => policies.get(name) ?? null);
}

interface TemplateFlags extends JsonFlag {
  readonly set: readonly string[];
  readonly output?: string;
}

export const policyTemplateCommand = (): Command =>
  localCommand(
    'template',
    'Print a policy to begin with, or list those there are.',
    'countersign policy template\ncountersign policy template capped_user --set name=mailer --set limits.llm_daily_usd=2 --output policies/mailer.yaml',
  )
    .argument('[name]', 'which; without it, all are listed')
    .option(
      '--set <path=value>',
      'change a value, by its path; may be repeated',
      (text, all: string[]) => [...all, text],
      [],
    )
    .option('--output <file>', 'write it there instead of stdout')
    .action(async (name: string | undefined, flags: TemplateFlags) => {
      if (name === undefined) return listTemplates(flags);
      const text = templateText(name, flags.set);
      if (flags.output !== undefined) await writeFile(flags.output, text);
      else if (flags.json) console.log(JSON.stringify({ name, text }));
      else process.stdout.write(text);
    });

function listTemplates(flags: JsonFlag): void {
  const templates = Object.entries(policyTemplates).map(([name, text]) => ({
    name,
    description: /^description: *(.*)$/m.exec(text)?.[1] ?? '',
  }));
  printAnswer({ templates }, flags, () =>
    templates.map((each) => `${each.name.padEnd(20)} ${each.description}`).join('\n'),
  );
}

function templateText(name: string, overrides: readonly string[]): string {
  try {
    return applyTemplate(name, overridesOf(overrides));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new CommandFailed(error.message, exitCode.usage);
  }
}
