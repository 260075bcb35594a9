import type { StateReport } from '@countersign/operator-server';
import type { Paint } from './paint.ts';
import { visible } from './table.ts';

const SHOWN_MAX = 10;

export function stateWords(
  { agrees, position, missing, rows, rowsNotCovered, differencesInAll, differences, redecided }: StateReport,
  paint: Paint,
): string {
  const { same, differentInAll, different, notCovered, notCoveredWhy } = redecided;
  return [
    paint(
      agrees ? 'green' : 'red',
      agrees
        ? `agrees with the ledger to position ${position}`
        : `does not agree with the ledger (position ${position})`,
    ),
    ...(missing === null ? [] : [paint('red', `the ledger has no event at position ${missing}`)]),
    `${rows} rows compared, ${differencesInAll} differ, ${rowsNotCovered} follow from erased payloads and are not covered`,
    ...differences
      .slice(0, SHOWN_MAX)
      .map(
        ({ table, key, folded, stored }) =>
          `  ${table} ${visible(key)}: ledger ${shown(folded)}, stored ${shown(stored)}`,
      ),
    `${same} decisions decided again alike, ${differentInAll} differently, ${notCovered} not covered by the record`,
    ...different
      .slice(0, SHOWN_MAX)
      .map(
        ({ position: at, recorded, redecided: again }) =>
          `  position ${at}: recorded ${shown(recorded)}, now ${shown(again)}`,
      ),
    ...Object.entries(notCoveredWhy).map(([why, count]) => `  not covered: ${count}, because ${why}`),
  ].join('\n');
}

const shown = (text: string | null) => (text === null ? 'nothing' : visible(text));
