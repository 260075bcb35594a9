import { showHidden } from '@countersign/json';

/** Longer than any target that a person reads to its end. */
const SHOWN_MAX = 512;

/** In one line, with nothing that hides or turns the direction of what follows; what is too long is cut. */
export function visible(text: string): string {
  const shown = showHidden(text);
  return shown.length > SHOWN_MAX ? `${shown.slice(0, SHOWN_MAX)}…` : shown;
}
