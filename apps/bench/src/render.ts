import { isMet, reachesAim, type Figure, type Skipped } from './figure.ts';

/** The table as Markdown, so that it can be pasted into the README as it is. */
export function renderTable(figures: readonly Figure[], skipped: readonly Skipped[], machine: string): string {
  return [
    machine,
    '',
    '| figure | measured | must | aim | |',
    '|---|---|---|---|---|',
    ...figures.map(rowOf),
    ...skipped.map(({ name, why }) => `| ${name} | not measured: ${why} | | | |`),
  ].join('\n');
}

function rowOf(figure: Figure): string {
  const sign = figure.sense === 'at least' ? '>=' : '<=';
  const unit = figure.unit === '' ? '' : ` ${figure.unit}`;
  const of = figure.yardstick === null ? '' : ` of ${figure.yardstick}`;
  const measured = `${readable(figure.value)}${unit}${of}${noteOf(figure)}`;
  return `| ${figure.name} | ${measured} | ${sign} ${figure.must}${unit} | ${sign} ${figure.aim}${unit} | ${wordOf(figure)} |`;
}

function noteOf({ detail }: Figure): string {
  const { note } = detail;
  return typeof note === 'string' ? ` (${note})` : '';
}

function wordOf(figure: Figure): string {
  if (!isMet(figure)) return '**missed**';
  return reachesAim(figure) ? 'aim reached' : 'met';
}

/** Three digits that mean something. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return 'nothing';
  return Math.abs(value) >= 100 ? Math.round(value).toString() : Number(value.toPrecision(3)).toString();
}
