import { PENDING_MAX } from '@countersign/approvals';

/** What leaving asks open needs of the client. */
export interface AskingAgent {
  cancel(decisionId: string): Promise<void>;
}

/** What a replay does about an action that waits for people. */
export interface Asks {
  asked(decisionId: string): Promise<void>;
}

/**
 * Nobody answers. The last asks stay in the queue for whoever wants to look; the agent takes earlier ones back, because
 * an agent with as many waiting as it may have (`PENDING_MAX`) is blocked, and the counts would be about that limit
 * instead of the policy.
 *
 * @param runsAtOnce how many runs may each have one more ask under way; fewer than `PENDING_MAX`
 */
export function leaveAsks(agent: AskingAgent, runsAtOnce: number): Asks {
  const left: string[] = [];
  const most = PENDING_MAX - runsAtOnce;
  return {
    asked: async (decisionId) => {
      left.push(decisionId);
      const earlier = left.length > most ? left.shift() : undefined;
      if (earlier !== undefined) await agent.cancel(earlier);
    },
  };
}
