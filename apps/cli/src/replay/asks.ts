import { randomUUID } from 'node:crypto';
import { PENDING_MAX } from '@countersign/approvals';
import {
  DecisionUnavailable,
  type Action,
  type Countersign,
  type Decision,
  type OutcomeAnswer,
} from '@countersign/sdk';
import { PersonRefused } from '../people/graph.ts';
import type { SignedIn } from '../people/signed-in.ts';
import type { AskTally } from './ask-tally.ts';
import { outcomeOf } from './calls.ts';
import type { Step } from './recording.ts';

/** What `--asks` says. */
export type AskAnswer = 'approve' | 'deny' | 'leave';

/** What going through with an ask needs of the client. */
export type AskingAgent = Pick<Countersign, 'wait' | 'take' | 'outcome' | 'cancel'>;

/** An action that waits for people, and the recorded step that it comes from. */
export interface OpenAsk {
  readonly decision: Decision;
  readonly action: Action & { readonly requestId: string };
  readonly step: Step;
}

/** What a replay does about an action that waits for people. Gives the outcome of what was done after all. */
export interface Asks {
  asked(ask: OpenAsk): Promise<OutcomeAnswer | null>;
}

/**
 * Nobody answers. The last asks stay in the queue for whoever wants to look; the agent takes earlier ones back, because
 * an agent with as many waiting as it may have (`PENDING_MAX`) is blocked, and the counts would be about that limit
 * instead of the policy.
 *
 * @param runsAtOnce how many runs may each have one more ask under way; fewer than `PENDING_MAX`
 */
export function leaveAsks(agent: Pick<AskingAgent, 'cancel'>, tally: AskTally, runsAtOnce: number): Asks {
  const left: string[] = [];
  const most = PENDING_MAX - runsAtOnce;
  return {
    asked: async ({ decision: { id } }) => {
      left.push(id);
      tally.left();
      const earlier = left.length > most ? left.shift() : undefined;
      if (earlier !== undefined) tally.ended(await takeBack(agent, earlier));
      return null;
    },
  };
}

/** Others who see the queue may be faster. */
async function takeBack(agent: Pick<AskingAgent, 'cancel'>, decisionId: string) {
  try {
    await agent.cancel(decisionId);
    return 'takenBack';
  } catch (error) {
    if (error instanceof DecisionUnavailable && error.code === 'ask.not_pending') return 'answeredByOthers';
    throw error;
  }
}

/** Who answers how, and what becomes of an ask that they cannot settle. */
export interface Answering {
  readonly agent: AskingAgent;
  readonly people: readonly Pick<SignedIn, 'answer'>[];
  readonly verdict: Exclude<AskAnswer, 'leave'>;
  readonly tally: AskTally;
  readonly unsettled: Asks;
}

/** Longer than the agent needs to hear of an answer that was given. */
const HEARING_SECONDS = 60;

/**
 * People answer, one after the other until it is settled, and the agent does what it would: it hears of a denial, or
 * takes the permit, acts and reports. What these people cannot settle, because policies ask others too, is left.
 */
export function answerAsks({ agent, people, verdict, tally, unsettled }: Answering): Asks {
  return {
    asked: async (ask) => {
      const { id, approval } = ask.decision;
      const isSettled = await answerInTurn(people, approval?.id ?? '', verdict, tally);
      const { next } = await agent.wait(id, { forSeconds: isSettled ? HEARING_SECONDS : 0 });
      if (next === 'wait') return unsettled.asked(ask);
      if (next === 'take') return take(ask, agent, tally);
      tally.denied();
      return null;
    },
  };
}

/** A policy may require a reason of whoever decides. */
const SAID = {
  approve: { verdict: 'approve', reason: 'approved by countersign replay' },
  deny: { verdict: 'deny', reason: 'denied by countersign replay', feedback: 'denied by countersign replay' },
} as const;

/** Whether it is settled, by them or by others who were faster. */
async function answerInTurn(
  people: Answering['people'],
  approvalId: string,
  verdict: Answering['verdict'],
  tally: AskTally,
): Promise<boolean> {
  for (const person of people) {
    try {
      if ((await person.answer(approvalId, SAID[verdict])) !== 'pending') return true;
    } catch (error) {
      if (!(error instanceof PersonRefused)) throw error;
      if (error.code === 'approvals.already_settled') return true;
      tally.answerRefused({ code: error.code, message: error.words });
    }
  }
  return false;
}

/** The action as it was asked. Stops, rates, budgets and policies are judged again, so the permit may not be enough. */
async function take({ decision, action, step }: OpenAsk, agent: AskingAgent, tally: AskTally) {
  tally.approved();
  const refusal = await refusalOfTake(() => agent.take(decision.id, { takeId: randomUUID(), action }));
  if (refusal) {
    tally.takeRefused(refusal);
    return null;
  }
  tally.taken();
  return agent.outcome(decision.id, outcomeOf(step));
}

/** Why the agent may not act now; null when it may. */
async function refusalOfTake(taking: () => Promise<Decision>) {
  try {
    const { next, verdict, state, reasons } = await taking();
    if (next === 'act') return null;
    const [{ code, message = '' } = { code: 'none' }] = reasons;
    return verdict === 'block' ? { code, message } : { code: 'request.closed', message: `the decision is ${state}` };
  } catch (error) {
    if (!(error instanceof DecisionUnavailable) || !error.code.startsWith('permit.')) throw error;
    return { code: error.code, message: error.message };
  }
}
