import { Command } from 'commander';
import { agentCommand } from './commands/agent.ts';
import { applyCommand } from './commands/apply.ts';
import { approvalsCommand } from './commands/approvals.ts';
import { budgetsCommand } from './commands/budgets.ts';
import { completionCommand } from './commands/completion.ts';
import { decisionCommand } from './commands/decision.ts';
import { decisionsCommand } from './commands/decisions.ts';
import { demoCommand } from './commands/demo.ts';
import { holdsCommand } from './commands/holds.ts';
import { initCommand } from './commands/init.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { memberCommand } from './commands/member.ts';
import { migrateCommand } from './commands/migrate.ts';
import { organizationCommand } from './commands/organization.ts';
import { payloadCommand } from './commands/payload.ts';
import { policyCommand } from './commands/policy.ts';
import { receiptCommand } from './commands/receipt.ts';
import { replayCommand } from './commands/replay.ts';
import { restoreCommand } from './commands/restore.ts';
import { startCommand } from './commands/start.ts';
import { stateCommand } from './commands/state.ts';
import { liftCommand, stopCommand, stopsCommand } from './commands/stop.ts';
import { teamCommand } from './commands/team.ts';
import { verifyCommand } from './commands/verify.ts';
import { exitCodesHelp } from './exit-code.ts';

/** Every command, in the order in which somebody new needs them. */
export function buildProgram(): Command {
  const program = new Command('countersign').description('The control plane between your AI agents and the world.');
  const groups: Readonly<Record<string, readonly Command[]>> = {
    'Run it:': [startCommand(), migrateCommand(), initCommand(), demoCommand(), replayCommand()],
    'Set it up:': [
      organizationCommand(),
      teamCommand(),
      memberCommand(),
      agentCommand(),
      policyCommand(),
      applyCommand(),
    ],
    'See what happens:': [decisionsCommand(), decisionCommand(), approvalsCommand(), budgetsCommand(), holdsCommand()],
    'Stop it:': [stopCommand(), liftCommand(), stopsCommand()],
    'Prove it:': [
      receiptCommand(),
      ledgerCommand(),
      verifyCommand(),
      payloadCommand(),
      stateCommand(),
      restoreCommand(),
    ],
    'Shell:': [completionCommand(() => program)],
  };
  for (const [heading, commands] of Object.entries(groups))
    for (const command of commands) program.addCommand(command.helpGroup(heading));
  program.addHelpText(
    'after',
    `\nEvery command explains itself with an example: countersign policy publish --help\n${exitCodesHelp}`,
  );
  return withStrictErrors(program);
}

/** Settings are not inherited by commands that were made on their own: a wrong option must never end with code 1. */
function withStrictErrors(command: Command): Command {
  command.commands.forEach(withStrictErrors);
  return command.showHelpAfterError('run with --help to see what is possible').exitOverride();
}
