const plain = /^[\x20-\x7e]*$/;
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * The form in which block rules compare targets: NFKC, without case, without characters that show nothing
 * (Unicode's Default_Ignorable_Code_Point), so that `ＥＶＩＬ.com` and `e<zero-width>vil.com` are `evil.com`.
 *
 * JavaScript has no case folding. Upper then lower case is at least as coarse (`ß` is `ss`), except that lower-casing
 * ends a word in `ς`, which is put back. Normalizing may uncover new letters to fold, hence the second round.
 */
export function fold(text: string): string {
  if (plain.test(text)) return text.toLowerCase();
  return foldOnce(foldOnce(text));
}

function foldOnce(text: string): string {
  const visible = text.normalize('NFKC').replace(ignorable, '');
  return visible.toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC').replace(ignorable, '');
}
