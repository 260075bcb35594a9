import type { CommandAnswer, Warning } from '@countersign/operator-server';
import type { Command } from 'commander';
import { readActual } from '../apply/actual.ts';
import { readDesired } from '../apply/desired.ts';
import { planOf, type Plan } from '../apply/plan.ts';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { planWords } from '../format/plan.ts';
import { printAnswer } from '../format/print.ts';
import { showProgress } from '../format/progress.ts';
import { connect, type ConnectionFlags, type Session } from '../operator/connect.ts';
import { operatorCommand } from '../operator/operator-command.ts';

interface ApplyFlags extends ConnectionFlags {
  readonly plan?: true;
  readonly prune?: true;
}

export const applyCommand = (): Command =>
  operatorCommand(
    'apply',
    'Make an organization what files say: teams, agents, policies and where they are attached. Prints the plan first.\nApplying twice changes nothing; what the files do not name is left alone.',
    'countersign apply ops/ --plan\ncountersign apply ops/\n\nops/teams.yaml          teams: [support, treasury]\nops/agents/mailer.yaml  { name: mailer, team: support, owner: ada, labels: { tier: gold } }\nops/policies/*.yaml     policies, as `countersign policy validate` checks them\nops/attachments.yaml    attachments: [{ policy: support-agent, agent: mailer }, { policy: guard-rails, organization: true }]',
  )
    .argument('<folder>', 'with teams.yaml, agents/*.yaml, policies/*.yaml, attachments.yaml; each may be missing')
    .option('--plan', 'only print what would be done')
    .option('--prune', "detach the files' policies from wherever the files do not attach them")
    .action(async (folder: string, flags: ApplyFlags) => {
      const desired = await readDesired(folder);
      const session = await connect(flags);
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
  const progress = showProgress('applying', plan.steps.length);
  const warnings: Warning[] = [];
  let done = 0;
  try {
    for (const { command } of plan.steps) {
      warnings.push(...(await session.command<CommandAnswer>(command)).warnings);
      progress.to((done += 1));
    }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const where = `${plan.steps[done]?.words}: ${error.message}`;
    throw new CommandFailed(
      `${where}\n${done} of ${plan.steps.length} were applied; applying again goes on from here`,
      error.exitCode,
    );
  } finally {
    progress.end();
  }
  if (flags.json) return printAnswer({ ...plan, applied: true, warnings }, flags, planWords);
  console.log(
    [...warnings.map(({ message }) => `warning: ${message}`), `applied ${done} of ${plan.steps.length}`].join('\n'),
  );
}
