import { randomUUID } from 'node:crypto';
import type { Action, Decision, Outcome, OutcomeAnswer } from '@countersign/sdk';
import { leaveAsks, type AskingAgent, type Asks } from './asks.ts';
import { actionOf, outcomeOf } from './calls.ts';
import type { RecordedRun, Recording, Step } from './recording.ts';
import { Tally, type ReplaySummary } from './tally.ts';

/** What a replay needs of the client. */
export interface ReplayAgent extends AskingAgent {
  decide(action: Action): Promise<Decision>;
  outcome(decisionId: string, outcome: Outcome): Promise<OutcomeAnswer>;
}

/** Enough runs at once to fill batches, few enough that one agent stays within its share of the queue. */
const RUNS_AT_ONCE = 16;

/**
 * Plays every run: the steps of one in order, each settled before the next is asked, `RUNS_AT_ONCE` runs side by side.
 * Stops at the first step that gets no decision, because the counts would mean nothing after it.
 *
 * @throws {DecisionUnavailable} | {ReportFailed} of the client, naming the run and step
 */
export async function play(recording: Recording, agent: ReplayAgent, onStep: () => void): Promise<ReplaySummary> {
  const tally = new Tally();
  const asks = leaveAsks(agent, RUNS_AT_ONCE);
  const waiting = recording.runs.values();
  let hasFailed = false;
  const worker = async () => {
    for (const run of waiting) {
      if (hasFailed) return;
      await playRun(run, { agent, asks, tally, onStep }).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: RUNS_AT_ONCE }, worker));
  return tally.summary(recording.runs.length);
}

interface Stage {
  readonly agent: ReplayAgent;
  readonly asks: Asks;
  readonly tally: Tally;
  readonly onStep: () => void;
}

async function playRun(run: RecordedRun, stage: Stage): Promise<void> {
  for (const [index, step] of run.steps.entries()) {
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
  const decision = await agent.decide(actionOf(step, randomUUID()));
  tally.decided(step.run, step.intent, decision);
  if (decision.next === 'act') tally.settled(await agent.outcome(decision.id, outcomeOf(step)));
  if (decision.next === 'wait') await asks.asked(decision.id);
}
