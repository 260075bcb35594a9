import type { Decision, Problem } from './wire.ts';

export interface ErrorDetails {
  readonly code: string;
  readonly decision?: Decision | null;
  readonly retryAt?: string | null;
  readonly problem?: Problem | null;
  readonly cause?: unknown;
}

/** Whatever this client throws of its own. No message, cause or field holds the agent key. */
export class CountersignError extends Error {
  override readonly name: string = 'CountersignError';
  /** Permanent: the first reason's code, the problem's code, or `client.*` for what this client found. */
  readonly code: string;
  readonly decision: Decision | null;
  /** When trying again may help, RFC 3339; null: not as asked, or unknown. */
  readonly retryAt: string | null;
  readonly problem: Problem | null;

  constructor(message: string, { code, decision = null, retryAt = null, problem = null, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.decision = decision;
    this.retryAt = retryAt;
    this.problem = problem;
  }
}

/** A policy, budget, rate or stop says no. */
export class ActionBlocked extends CountersignError {
  override readonly name = 'ActionBlocked';
}

/**
 * People are asked, or have approved and the permit is not taken yet. Nothing was done, and nothing is over: `guard` with
 * the same action and `decision.requestId` goes on from there, in this process or another.
 */
export class ActionAwaitsApproval extends CountersignError {
  override readonly name = 'ActionAwaitsApproval';
}

/** People said no, did not answer in time, or the question was withdrawn. */
export class ActionDenied extends CountersignError {
  override readonly name = 'ActionDenied';

  /** What they said to the agent with it. */
  get feedback(): string | null {
    return this.decision?.approval?.feedback ?? null;
  }
}

/** There is no decision to go by: unreachable, refused, late, or in words this client does not know. Nothing was done. */
export class DecisionUnavailable extends CountersignError {
  override readonly name = 'DecisionUnavailable';
}

/** The server did not take an outcome. What was done is done; its hold counts as spent when it expires. */
export class ReportFailed extends CountersignError {
  override readonly name = 'ReportFailed';
}

/** Thrown by a guarded function that found it need not act, before it did anything: gives the held money back. */
export class ActionCancelled extends CountersignError {
  override readonly name = 'ActionCancelled';

  constructor(message: string) {
    super(message, { code: 'client.cancelled' });
  }
}
