/**
 * Text in which `*` stands for any characters, none included, and everything else for itself. Anchored at both ends.
 * Matching takes each literal piece at its first possible place and never goes back, which finds a match if there is one.
 */
export interface Glob {
  /** Between the stars; one piece means that there is no star. */
  readonly pieces: readonly string[];
}

export const globOf = (text: string): Glob => ({ pieces: text.split('*') });

/** Matches everything, the empty text included. */
export const isOpen = ({ pieces }: Glob) => pieces.length > 1 && pieces.every((piece) => piece === '');

export const literalOf = ({ pieces }: Glob) => (pieces.length === 1 ? pieces[0] : undefined);

export function matchesGlob({ pieces }: Glob, text: string): boolean {
  const first = pieces[0] as string;
  if (pieces.length === 1) return text === first;

  const last = pieces[pieces.length - 1] as string;
  const end = text.length - last.length;
  if (first.length > end || !text.startsWith(first) || !text.endsWith(last)) return false;

  let at = first.length;
  for (let index = 1; index < pieces.length - 1; index += 1) {
    const piece = pieces[index] as string;
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
