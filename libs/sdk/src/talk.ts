import type { Approval, Decision, QuestionAnswer } from './wire.ts';
import { isOver, pause, type OpenQuestion, type Patience, type Waiting } from './waiting.ts';

/** Passes on what people did since the last time, and brings back what the agent answers. */
export type Talk = (decision: Decision, patience: Patience) => Promise<void>;

/** What people have come to, without the time that they have left: that moves by itself under a stop. */
export function standingOf({ state, approval }: Decision): string {
  return JSON.stringify([state, approval && { ...approval, expiresAt: null }]);
}

export function createTalk(waiting: Waiting, answer: (answer: QuestionAnswer) => Promise<void>): Talk {
  const asked = new Set<string>();
  let told = '';

  const tell = (decision: Decision) => {
    const standing = standingOf(decision);
    if (decision.approval && standing !== told) waiting.onProgress?.(decision.approval, decision);
    told = standing;
  };
  const reply = async (question: OpenQuestion, decision: Decision, patience: Patience) => {
    if (isOver(patience) || asked.has(question.id)) return;
    asked.add(question.id);
    const text = await orEnd(async () => waiting.onQuestion?.(question, decision), patience);
    if (text !== undefined) await answer({ questionId: question.id, text });
  };

  return async (decision, patience) => {
    tell(decision);
    if (decision.next !== 'wait') return;
    for (const question of openQuestionsOf(decision.approval)) await reply(question, decision, patience);
  };
}

/** A question whose words were erased can be answered by nobody. */
const openQuestionsOf = (approval: Approval | null): readonly OpenQuestion[] =>
  (approval?.questions ?? []).filter(
    (question): question is OpenQuestion => question.text !== null && question.answer === null,
  );

/** An answer that takes longer than there is time to wait is none. */
async function orEnd<T>(reply: () => Promise<T>, { leftMs, signal }: Patience): Promise<T | undefined> {
  const ended = new AbortController();
  const cut = () => ended.abort();
  signal.addEventListener('abort', cut);
  try {
    return await Promise.race([reply(), pause(leftMs(), ended.signal).then(() => undefined)]);
  } finally {
    ended.abort();
    signal.removeEventListener('abort', cut);
  }
}
