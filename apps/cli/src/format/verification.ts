import type { VerificationReport } from '@countersign/ledger/export';
import type { Paint } from './paint.ts';

/** More are only counted: whoever sees twenty looks for their cause. */
const SHOWN_MAX = 20;

/** A report as people read it: the summary, what was looked at, and what is wrong. */
export function verificationWords(report: VerificationReport, paint: Paint): string {
  const { ok, summary, events, checkpoints, payloads, problems, problemsInAll } = report;
  const more = problemsInAll - Math.min(problems.length, SHOWN_MAX);
  return [
    paint(ok ? 'green' : 'red', summary),
    `${events} events, ${checkpoints} checkpoints; payloads: ${payloads.present} present, ${payloads.erased} erased, ${payloads.altered} altered`,
    ...problems.slice(0, SHOWN_MAX).map(({ code, message }) => `  ${message} [${code}]`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}
