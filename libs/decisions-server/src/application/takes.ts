import { hash } from 'node:crypto';
import { Action, takeViewOf, type DecisionDetail } from '@countersign/decisions';
import { redactSecrets } from '@countersign/json';
import { QuestionId, type DecisionId } from '@countersign/kernel';
import { z } from 'zod';
import type { Decider } from './decider.ts';
import type { Decisions } from './decisions.ts';
import type { Caller, QuestionAnswer, QuestionRejection, TakeAnswer, TakeRejection } from './pending.ts';

/** The taking of a permit. `takeId` makes asking twice asking once; the action is the whole one, as about to run. */
export const Take = z.strictObject({ takeId: z.string().min(1).max(512), action: Action.omit({ dryRun: true }) });
export type Take = z.infer<typeof Take>;

/** An answer to a question of an approver. The same `answerId` is the same answer; left out, the text itself says so. */
export const GivenAnswer = z.strictObject({
  questionId: QuestionId,
  answerId: z.string().min(1).max(200).optional(),
  text: z.string().min(1).max(4_096),
});
export type GivenAnswer = z.infer<typeof GivenAnswer>;

/** Answers that are no decision. */
export class AskRefused extends Error {
  override readonly name = 'AskRefused';

  constructor(readonly rejection: TakeRejection | QuestionRejection) {
    super(rejection.code);
  }
}

/** What an agent does about its ask once people have looked at it: takes the permit, answers their questions. */
export class Takes {
  constructor(
    private readonly decider: Decider,
    private readonly decisions: Decisions,
  ) {}

  /**
   * Decides a take, once for ever per take id; the same id for another action is refused.
   *
   * @throws {AskRefused} where the caller is mistaken about where the decision stands; nothing was recorded.
   */
  async take(caller: Caller, decisionId: DecisionId, { takeId, action }: Take): Promise<DecisionDetail> {
    const request = { kind: 'take', decisionId, takeId, action, early: null } as const;
    const answer = await this.decider.submit<TakeAnswer>(caller, request);
    if (answer.kind === 'refused') throw new AskRefused(answer.rejection);
    const found = await this.decisions.standing(caller, decisionId);
    // Erased since it was taken, which is no permission any more.
    if (!found) throw new AskRefused({ code: 'decision.not_found' });
    return takeViewOf(found.decided, found.standing, answer.take);
  }

  /** @throws {AskRefused} for a question that is not there, or was answered in other words. */
  async answer(caller: Caller, decisionId: DecisionId, given: GivenAnswer): Promise<DecisionDetail> {
    const text = redactSecrets(given.text);
    const answerId = given.answerId ?? hash('sha256', text, 'hex');
    const request = { kind: 'answer', decisionId, questionId: given.questionId, answerId, text } as const;
    const answer = await this.decider.submit<QuestionAnswer>(caller, request);
    if (answer.kind === 'refused') throw new AskRefused(answer.rejection);
    const view = await this.decisions.view(caller, decisionId);
    if (!view) throw new AskRefused({ code: 'decision.not_found' });
    return view;
  }
}
