/** Whether a condition's path and a `redact` path touch: one leads to, or is inside, what the other names. */
export function touches(read: readonly string[], redact: string): boolean {
  const hidden = redact.split('.');
  const shared = Math.min(read.length, hidden.length);
  return hidden.slice(0, shared).every((step, index) => step === '*' || step === read[index]);
}

/** Roots whose content `record: digest` keeps from the ledger. */
export const digestedRoots: ReadonlySet<string> = new Set(['args']);
