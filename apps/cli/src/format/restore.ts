import type { RestoreReport } from '@countersign/ledger/checkpoint';
import type { Paint } from './paint.ts';

/** What checkpoints from outside say, and what to do about it. */
export function restoreWords(report: RestoreReport, paint: Paint, file: string): string {
  const { verdict, summary, checkpoints, unknownSigners } = report;
  const isLost = isLoss(report);
  return [
    paint(isLost ? 'red' : 'green', summary),
    `${verdict}: ${checkpoints} checkpoints compared`,
    ...(unknownSigners > 0
      ? [
          paint(
            'yellow',
            `${unknownSigners} of them were signed by no key of this ledger: forged, or by a key added after the backup; look which before you believe the rest`,
          ),
        ]
      : []),
    ...(isLost ? [`next: ${nextStep(file)}`] : []),
  ].join('\n');
}

export const isLoss = ({ verdict }: Pick<RestoreReport, 'verdict'>) => verdict === 'cut' || verdict === 'forked';

const nextStep = (file: string) =>
  `look for a later backup. If there is none: countersign restore reopen --checkpoint ${file} --reason "…" --yes`;
