import path from 'node:path';
import { Command, Option } from 'commander';
import cliProgress from 'cli-progress';
import { CommandFailed } from '../command-failed.ts';
import { exitCode } from '../exit-code.ts';
import { connectClient, type ConnectionFlags } from '../operator/connect.ts';
import { withServer } from '../operator/operator-command.ts';
import type { AskAnswer } from '../replay/asks.ts';
import { BadRecording } from '../replay/recording.ts';
import { renderSummary } from '../replay/render-summary.ts';
import { replay, type ReplayListener } from '../replay/replay.ts';

interface Options extends ConnectionFlags {
  readonly into?: string;
  readonly asks: AskAnswer;
  readonly policy: string;
}

export function replayCommand(): Command {
  const command = new Command('replay')
    .description(
      'Send recorded agent runs through the control plane as if they happened now, and report what came of them.',
    )
    .argument('<file>', 'recorded runs as NDJSON; the format is in docs/replay-format.md')
    .option(
      '--into <organization>',
      'an organization to replay into, made when it is missing (default: one of its own)',
    )
    .addOption(
      new Option('--asks <answer>', 'what becomes of actions that need a person')
        .choices(['approve', 'deny', 'leave'] satisfies readonly AskAnswer[])
        .default('leave'),
    )
    .option('--policy <file>', 'the policy to replay under', path.join('docs', 'examples', 'airline', 'policy.yaml'))
    .option('--json', 'the report as JSON');
  return withServer(command).addHelpText('after', help).action(runReplay);
}

async function runReplay(file: string, options: Options): Promise<void> {
  const operator = await connectClient(options);
  const { into, policy, asks } = options;
  const wish = { file, into, policy, asks, now: new Date() };
  const report = await replay(operator, wish, progressBar()).catch((error: unknown) => {
    throw error instanceof BadRecording
      ? new CommandFailed(`${file} is not a recording:\n${error.message}`, exitCode.usage)
      : error;
  });
  console.log(options.json ? JSON.stringify(report, null, 2) : renderSummary(report));
  if (!report.ledger.ok) throw new CommandFailed('the ledger did not verify');
}

/** On stderr, and only where somebody looks. */
function progressBar(): ReplayListener {
  if (!process.stderr.isTTY) return { onStart: () => undefined, onStep: () => undefined, onEnd: () => undefined };
  const bar = new cliProgress.SingleBar(
    { format: 'replaying {bar} {value}/{total} actions, {eta_formatted} left', stream: process.stderr },
    cliProgress.Presets.shades_classic,
  );
  return { onStart: (steps) => bar.start(steps, 0), onStep: () => bar.increment(), onEnd: () => bar.stop() };
}

const help = `
Each step is decided as an agent's action; an allowed one is reported with what it cost. A blocked one was not done,
and the run goes on. Afterwards the ledger is exported and verified.

What becomes of an asked one:
  leave    nobody answers. The agent takes it back, except for the last few, which stay in the queue.
  approve  people say yes; the agent takes the permit, and reports what it cost.
  deny     people say no, and the agent is told.

The operator's token decides nothing. So that somebody can, a replay with approve or deny brings people of its own: as
many as the policy's largest quorum, invited as approvers of every team that it asks (a team that is missing is made;
one of them is an admin where a budget has raiseMax). They join, sign in, and answer each ask. At the end they are
removed from the organization, also when the replay fails or is interrupted, because nobody keeps their passwords.
With --into, the members of those teams see these asks as well, and are told of them as of any.

Example, with the recording of 150 runs beside this repository:
  countersign replay ../shared/data/airline-agent-runs.ndjson
  countersign replay docs/examples/runs/small.ndjson --asks approve
  countersign replay docs/examples/runs/small.ndjson --into rehearsal --json

Exit codes: 0 replayed, and the ledger verifies; 1 it does not, a step got no decision, or it was interrupted; 2 the
file, the policy or an option is wrong; 3 the api refused; 4 it does not answer.`;
