import { fold } from './fold.ts';

/**
 * Whether some action is of both patterns, as a guard has to see it: without case, and targets folded. Where it cannot be
 * told it says yes. Takes as long as both texts multiplied, which patterns are short enough for.
 */
export function patternsMeet(one: string, other: string): boolean {
  const [oneIntent, oneTarget] = partsOf(one);
  const [otherIntent, otherTarget] = partsOf(other);
  return globsMeet(oneIntent, otherIntent) && globsMeet(oneTarget, otherTarget);
}

/** A pattern without a colon is of any target. */
function partsOf(pattern: string): readonly [intent: string, target: string] {
  const colon = pattern.indexOf(':');
  if (colon < 0) return [pattern.toLowerCase(), '*'];
  const target = pattern
    .slice(colon + 1)
    .split('*')
    .map(fold)
    .join('*');
  return [pattern.slice(0, colon).toLowerCase(), target];
}

/** Row by row: whether so many characters of one, and so many of the other, have a text in common. */
function globsMeet(one: string, other: string): boolean {
  let row: readonly boolean[] = firstRow(other);
  for (const own of one) row = nextRow(own, other, row);
  return row.at(-1) ?? false;
}

function firstRow(other: string): readonly boolean[] {
  const row = [true];
  for (const opposite of other) row.push(opposite === '*' && row.at(-1) === true);
  return row;
}

/** A star on either side stands for nothing, or for one more character of the opposite side. */
function nextRow(own: string, other: string, before: readonly boolean[]): readonly boolean[] {
  const row = [own === '*' && before[0] === true];
  let index = 0;
  for (const opposite of other) {
    index += 1;
    const isOpen = own === '*' || opposite === '*';
    const passes = isOpen && (row[index - 1] === true || before[index] === true);
    row.push(passes || (own === opposite && before[index - 1] === true));
  }
  return row;
}
