import type { DecisionDetail } from '@countersign/decisions';
import type { DecisionId } from '@countersign/kernel';
import { noSuchDecision } from '../rest/parameters.ts';
import type { Decisions } from './decisions.ts';
import type { LiveKeys } from './live-keys.ts';
import type { Caller } from './pending.ts';

/** How often a waiting request looks. A person takes longer than this to decide, and a look is one indexed read. */
const PAUSE_MILLISECONDS = 500;

/** What people have come to, without the time that they have left: that moves by itself under a stop. */
function changingPart({ state, approval }: DecisionDetail): string {
  const { expiresAt: _, ...rest } = approval ?? { expiresAt: null };
  return JSON.stringify([state, rest]);
}

/** Holds a request until its decision changes, or the time it gave is over. */
export class WaitForDecision {
  constructor(
    private readonly decisions: Decisions,
    private readonly keys: LiveKeys,
  ) {}

  /**
   * The decision now, or once it no longer waits or people did something about it, such as asking a question; at the
   * latest after `waitMilliseconds`.
   *
   * @throws {KeyRefused} as soon as the key is no longer good, however long the request has waited. {ProblemAnswer} 404.
   */
  async until(caller: Caller, decisionId: DecisionId, waitMilliseconds: number): Promise<DecisionDetail> {
    const deadline = performance.now() + waitMilliseconds;
    let before: string | null = null;
    for (;;) {
      await this.keys.check(caller);
      const view = await this.decisions.view(caller, decisionId);
      if (!view) throw noSuchDecision();
      const left = deadline - performance.now();
      const part = changingPart(view);
      if (view.next !== 'wait' || left <= 0 || part !== (before ?? part)) return view;
      before = part;
      await new Promise((resolve) => setTimeout(resolve, Math.min(PAUSE_MILLISECONDS, left)));
    }
  }
}
