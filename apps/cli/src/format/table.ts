import type { Paint } from './paint.ts';

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Makes what would move the cursor or turn the reading direction visible: targets, runs and reasons come from agents,
 * and a terminal obeys what it is shown.
 */
export const visible = (text: string) =>
  text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const ESCAPES = /\u001b\[\d+m/g;
const widthOf = (text: string) => [...text.replace(ESCAPES, '')].length;

/** Columns as wide as their widest cell. Cells hold what is already safe to show; see `visible`. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string {
  const widths = headings.map((heading, column) =>
    Math.max(widthOf(heading), ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd();
  return [paint('dim', line(headings)), ...rows.map(line)].join('\n');
}

/** A table, or a sentence that says what to do when there is nothing to show. */
export function tableOr(
  empty: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
) {
  return rows.length === 0 ? empty : table(headings, rows, paint);
}
