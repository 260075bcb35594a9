import type { DecisionForPeople } from '@countersign/surface';
import { paintVerdict, type Paint } from './paint.ts';
import { visible } from './table.ts';

/** Longer targets are cut in lists; `decision show` has them whole. */
const TARGET_CHARACTERS = 60;

/** One decision, one line: when, who, what, the answer, and first why. */
export function decisionLine(
  { decidedAt, agent, intent, target, verdict, reasons, id }: DecisionForPeople,
  paint: Paint,
): string {
  const what = target === '' ? intent : `${intent} ${visible(clipped(target))}`;
  const why = reasons[0] ? visible(reasons[0].message) : '';
  const answer = paintVerdict(paint, verdict) + ' '.repeat(Math.max(0, 5 - verdict.length));
  return `${paint('dim', decidedAt)}  ${answer}  ${agent.name}  ${what}  ${paint('dim', id)}\n    ${why}`;
}

const clipped = (text: string) => (text.length > TARGET_CHARACTERS ? `${text.slice(0, TARGET_CHARACTERS)}…` : text);
