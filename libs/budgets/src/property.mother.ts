import fc from 'fast-check';
import { it } from 'vitest';

/** A claim over at least a thousand generated cases, another thousand each run; the seed is printed, to run them again. */
export function always<Values>(claim: string, property: fc.IProperty<Values>, numRuns = 1_000) {
  it(claim, { timeout: 60_000 }, () => {
    const run = fc.check(property, { numRuns });
    console.info(`${claim}: ${run.numRuns} cases, seed ${run.seed}`);
    if (run.failed) throw new Error(fc.defaultReportMessage(run));
  });
}
