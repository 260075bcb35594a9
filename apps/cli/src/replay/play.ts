import { randomUUID } from 'node:crypto';
import { unreachable } from '@countersign/kernel';
import type { Countersign } from '@countersign/sdk';
import { CommandFailed } from '../command-failed.ts';
import type { SignedIn } from '../people/signed-in.ts';
import { AskTally } from './ask-tally.ts';
import { answerAsks, leaveAsks, type AskAnswer, type AskingAgent, type Asks } from './asks.ts';
import { actionOf, outcomeOf } from './calls.ts';
import type { RecordedRun, Recording, Step } from './recording.ts';
import { Tally, type ReplaySummary } from './tally.ts';

/** What a replay needs of the client. */
export type ReplayAgent = AskingAgent & Pick<Countersign, 'decide'>;

/** Who plays, and what is done about what waits for people. */
export interface Cast {
  readonly agent: ReplayAgent;
  readonly answer: AskAnswer;
  /** Who answers; nobody, where asks are left. */
  readonly people: readonly Pick<SignedIn, 'answer'>[];
  readonly onStep: () => void;
  /** Aborted when somebody asks to stop. */
  readonly stop?: AbortSignal;
}

/** Enough runs at once to fill batches, few enough that one agent stays within its share of the queue. */
const RUNS_AT_ONCE = 16;

/**
 * Plays every run: the steps of one in order, each settled before the next is asked, `RUNS_AT_ONCE` runs side by side.
 * Stops at the first step that gets no decision, because the counts would mean nothing after it; nothing is under way
 * any more when this ends.
 *
 * @throws {DecisionUnavailable} | {ReportFailed} of the client, naming the run and step
 */
export async function play(recording: Recording, cast: Cast): Promise<ReplaySummary> {
  const tally = new Tally();
  const askTally = new AskTally();
  const asks = asksFor(cast, askTally);
  const waiting = recording.runs.values();
  const failures: unknown[] = [];
  const isOver = () => failures.length > 0 || (cast.stop?.aborted ?? false);
  const stage: Stage = { ...cast, asks, tally, isOver };
  const worker = async () => {
    for (const run of waiting) if (!isOver()) await playRun(run, stage);
  };
  const workers = Array.from({ length: RUNS_AT_ONCE }, () => worker().catch((error: unknown) => failures.push(error)));
  await Promise.all(workers);
  if (failures.length > 0) throw failures[0];
  if (isOver()) throw new CommandFailed('the replay was interrupted; what it sent until then is recorded');
  return { ...tally.summary(recording.runs.length), asks: askTally.counts() };
}

function asksFor({ agent, answer, people }: Cast, tally: AskTally): Asks {
  const unsettled = leaveAsks(agent, tally, RUNS_AT_ONCE);
  switch (answer) {
    case 'leave':
      return unsettled;
    case 'approve':
    case 'deny':
      return answerAsks({ agent, people, verdict: answer, tally, unsettled });
    default:
      return unreachable(answer);
  }
}

interface Stage extends Cast {
  readonly asks: Asks;
  readonly tally: Tally;
  readonly isOver: () => boolean;
}

async function playRun(run: RecordedRun, stage: Stage): Promise<void> {
  for (const [index, step] of run.steps.entries()) {
    if (stage.isOver()) return;
    try {
      await playStep(step, stage);
    } catch (error) {
      if (error instanceof Error)
        error.message = `run \`${run.name}\`, step ${step.step ?? index + 1}: ${error.message}`;
      throw error;
    }
    stage.onStep();
  }
}

async function playStep(step: Step, { agent, asks, tally }: Stage): Promise<void> {
  const action = actionOf(step, randomUUID());
  const decision = await agent.decide(action);
  tally.decided(step.run, step.intent, decision);
  if (decision.next === 'act') tally.settled(await agent.outcome(decision.id, outcomeOf(step)));
  if (decision.next !== 'wait') return;
  const settled = await asks.asked({ decision, action, step });
  if (settled) tally.settled(settled);
}
