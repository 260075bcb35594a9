import type { DecisionDetail } from '@countersign/decisions';
import type { DecisionId } from '@countersign/kernel';
import { noSuchDecision } from '../rest/parameters.ts';
import type { Decisions } from './decisions.ts';
import type { LiveKeys } from './live-keys.ts';
import type { Caller } from './pending.ts';

/** How often a waiting request looks. A person takes longer than this to decide, and a look is one indexed read. */
const PAUSE_MILLISECONDS = 500;

/** Holds a request until its decision changes, or the time it gave is over. */
export class WaitForDecision {
  constructor(
    private readonly decisions: Decisions,
    private readonly keys: LiveKeys,
  ) {}

  /**
   * The decision now, or once it no longer waits; at the latest after `waitMilliseconds`.
   *
   * @throws {KeyRefused} as soon as the key is no longer good, however long the request has waited. {ProblemAnswer} 404.
   */
  async until(caller: Caller, decisionId: DecisionId, waitMilliseconds: number): Promise<DecisionDetail> {
    const deadline = performance.now() + waitMilliseconds;
    for (;;) {
      await this.keys.check(caller);
      const view = await this.decisions.view(caller, decisionId);
      if (!view) throw noSuchDecision();
      const left = deadline - performance.now();
      if (view.next !== 'wait' || left <= 0) return view;
      await new Promise((resolve) => setTimeout(resolve, Math.min(PAUSE_MILLISECONDS, left)));
    }
  }
}
