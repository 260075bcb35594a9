import type { StopForPeople } from '@countersign/surface';
import type { Paint } from './paint.ts';
import { visible } from './table.ts';

export type StopAnswer = StopForPeople;

/** Each stop with what an operator asks first: since when, and what got through before. */
export const stopsWords = (stops: readonly StopAnswer[], paint: Paint): string =>
  stops.length === 0
    ? 'nothing is stopped: countersign stop --agent NAME stops an agent'
    : stops.map((stop) => stopWords(stop, paint)).join('\n');

const stopWords = (stop: StopAnswer, paint: Paint): string => {
  const { id, scopeName, placedAt, position, by, rank, reason } = stop;
  return [
    `${paint('red', 'stopped')} ${visible(scopeName)} (${id})`,
    `  placed ${placedAt} at position ${position}, by ${visible(by.id)} (${rank})`,
    ...(reason === '' ? [] : [`  reason: ${visible(reason)}`]),
    `  ${lastWords(stop)}`,
  ].join('\n');
};

function lastWords({ lastAllowed, isLookedThrough }: StopAnswer): string {
  if (lastAllowed) {
    const { position, decisionId, decidedAt } = lastAllowed;
    return `last allowed before it: position ${position}, ${decidedAt} (${decisionId})`;
  }
  return isLookedThrough
    ? 'nothing in its scope was allowed before it'
    : 'nothing in its scope was allowed in the 10,000 positions before it';
}
