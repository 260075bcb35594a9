import type { Command } from 'commander';
import { readActual } from '../apply/actual.ts';
import { Applying } from '../apply/applying.ts';
import { readDesired } from '../apply/desired.ts';
import { planOf, type Plan } from '../apply/plan.ts';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { planWords } from '../format/plan.ts';
import { printAnswer } from '../format/print.ts';
import { showProgress } from '../format/progress.ts';
import { visible } from '../format/table.ts';
import { connect, type ConnectionFlags, type Session } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';
import { withOwnerIds } from '../operator/owner.ts';

interface ApplyFlags extends ConnectionFlags {
  readonly plan?: true;
  readonly prune?: true;
}

export const applyCommand = (): Command =>
  operatorCommand(
    'apply',
    'Make an organization what files say: teams, agents, policies and where they are attached. Prints the plan first.\nApplying twice changes nothing; what the files do not name is left alone.',
    'countersign apply ops/ --plan\ncountersign apply ops/\n\nops/teams.yaml          teams: [support, treasury]\nops/agents/mailer.yaml  { name: mailer, team: support, owner: ada@example.com, labels: { tier: gold } }\nops/policies/*.yaml     policies, as `countersign policy validate` checks them\nops/attachments.yaml    attachments: [{ policy: support-agent, agent: mailer }, { policy: guard-rails, organization: true }]',
  )
    .argument('<folder>', 'with teams.yaml, agents/*.yaml, policies/*.yaml, attachments.yaml; each may be missing')
    .option('--plan', 'only print what would be done')
    .option('--prune', "detach the files' policies from wherever the files do not attach them")
    .action(async (folder: string, flags: ApplyFlags) => {
      const read = await readDesired(folder);
      const session = await connect(flags);
      const desired = { ...read, agents: await withOwnerIds(session, read.agents) };
      const actual = await readActual(
        session,
        desired.policies.map(({ name }) => name),
      );
      const plan = planOf(desired, actual, { prune: flags.prune === true });
      if (plan.problems.length > 0)
        throw new CommandFailed(
          ['the files have problems; nothing was changed', ...plan.problems].join('\n'),
          exitCode.usage,
        );
      if (flags.plan) return printAnswer({ ...plan, applied: false }, flags, planWords);
      if (!flags.json) printAnswer(plan, flags, planWords);
      if (plan.steps.length > 0 || flags.json) await applyPlan(session, plan, flags);
    });

async function applyPlan(session: Session, plan: Plan, flags: ApplyFlags): Promise<void> {
  const applying = new Applying(session, plan.steps);
  const progress = showProgress('applying', plan.steps.length);
  try {
    while (await applying.next()) progress.to(applying.done);
  } finally {
    progress.end();
  }
  const { warnings, waiting, done } = applying;
  if (flags.json) return printAnswer({ ...plan, applied: true, warnings, waiting }, flags, planWords);
  console.log(
    [
      ...warnings.map(({ message }) => `warning: ${message}`),
      ...waiting.map((words) => `waits: ${visible(words)}`),
      `applied ${done - waiting.length} of ${plan.steps.length}${waiting.length > 0 ? '; apply again once what waits is confirmed' : ''}`,
    ].join('\n'),
  );
}
