import type { AskCounts, Refused } from './ask-tally.ts';
import type { AskAnswer } from './asks.ts';

type Asks = AskCounts & { readonly answer: AskAnswer };

/** What became of the asks, as people read it; nothing where nothing was asked. */
export function askLines(asks: Asks, asked: number): readonly string[] {
  if (asked === 0) return [];
  return [`Of ${asked} asked: ${partsOf(asks).join(', ')}.`, ...refusalLines(asks), ''];
}

/** Each that is not none, and what was wanted even where it is. */
function partsOf({ answer, approved, taken, denied, waiting, takenBack, answeredByOthers }: Asks): readonly string[] {
  const parts: readonly (readonly [count: number, words: string, isWanted?: boolean])[] = [
    [approved, `approved, of which the agent took ${taken}`, answer === 'approve'],
    [denied, 'denied', answer === 'deny'],
    [waiting, waiting === 1 ? 'stays in the queue' : 'stay in the queue', answer === 'leave'],
    [takenBack, 'taken back by the agent, so that no more wait than may'],
    [answeredByOthers, 'answered by others'],
  ];
  return parts.flatMap(([count, words, isWanted = false]) => (count > 0 || isWanted ? [`${count} ${words}`] : []));
}

const refusalLines = ({ refusedTakes, refusedAnswers }: Asks): readonly string[] => [
  ...refusedTakes.map((refused) => refusalLine('refused at the take', refused)),
  ...refusedAnswers.map((refused) => refusalLine('answers refused', refused)),
];

const refusalLine = (what: string, { code, message, count }: Refused) =>
  `  ${String(count).padStart(5)} ${what} (${code})${message === '' ? '' : `\n        such as: ${message}`}`;
