import type { AskCounts } from './ask-tally.ts';
import type { AskAnswer } from './asks.ts';
import { askLines } from './render-asks.ts';
import type { Cause, DecidedCounts, VerdictCounts } from './tally.ts';

/** What a replay did, around its counts. */
export interface ReplayReport extends DecidedCounts {
  readonly asks: AskCounts & { readonly answer: AskAnswer };
  readonly organization: string;
  readonly agent: string;
  readonly seconds: number;
  readonly budgets: readonly ReplayBudget[];
  readonly ledger: { readonly ok: boolean; readonly events: number; readonly summary: string };
}

export interface ReplayBudget {
  readonly name: string;
  readonly scope: string;
  readonly window: string;
  readonly cap: string;
  readonly unit: string;
  readonly instances: number;
  /** Of the instance that spent most. */
  readonly mostSpent: string;
}

const CAUSES_MAX = 20;

/** The summary as people read it in a terminal. */
export function renderSummary(report: ReplayReport): string {
  const { actions, runs, organization, agent, seconds } = report;
  return [
    `${actions} actions of ${runs} runs, as agent ${agent} of ${organization}, in ${seconds.toFixed(1)} s`,
    '',
    ...table([
      ['intent', 'allowed', 'asked', 'blocked'],
      ...Object.entries(report.byIntent).map(([intent, counts]) => [intent, ...countsOf(counts)]),
      ['in all', ...countsOf(report)],
    ]),
    '',
    ...whyLines(report),
    ...askLines(report.asks, report.ask),
    `Spent ${report.spentUsd} USD.`,
    ...report.budgets.map(budgetLine),
    '',
    `Ledger: ${report.ledger.ok ? 'verified' : 'NOT VERIFIED'}, ${report.ledger.events} events; ${report.ledger.summary}`,
  ].join('\n');
}

const countsOf = ({ allow, ask, block }: VerdictCounts) => [allow, ask, block].map(String);

function whyLines({ causes }: DecidedCounts): readonly string[] {
  if (causes.length === 0) return [];
  const shown = causes.slice(0, CAUSES_MAX).map(causeLine);
  const more = causes.length - shown.length;
  return ['Why:', ...shown, ...(more > 0 ? [`  and ${more} more causes; see --json`] : []), ''];
}

const causeLine = ({ verdict, count, code, what, message }: Cause): string =>
  `  ${String(count).padStart(5)} ${verdict === 'ask' ? 'asked' : 'blocked'}  ${what} (${code})${message && `\n        ${code.startsWith('budget.') ? 'such as: ' : ''}${message}`}`;

function budgetLine({ name, scope, window, cap, unit, instances, mostSpent }: ReplayBudget): string {
  const counted = instances === 1 ? '' : ` of ${instances}, the most`;
  return `Budget ${name} (each ${scope}, ${window}): ${mostSpent} of ${cap} ${unit} spent${counted}`;
}

/** Columns as wide as their widest cell; the first to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}
