import type { Plan, Step } from '../apply/plan.ts';
import type { Colour, Paint } from './paint.ts';
import { visible } from './table.ts';

const colours: Record<Step['mark'], Colour> = { '+': 'green', '~': 'yellow', '-': 'red' };

export function planWords({ steps, unchanged }: Plan, paint: Paint): string {
  if (steps.length === 0) return `nothing to do: all ${unchanged} are as the files say`;
  const lines = steps.map(({ mark, words }) => paint(colours[mark], `${mark} ${visible(words)}`));
  return [...lines, `plan: ${steps.length} to do, ${unchanged} as the files say`].join('\n');
}
