import { describe, expect, it } from 'vitest';
import { mergeFindings, restoreReport, type RestoreFindings } from './restore-report.ts';

const findings = (changes: Partial<RestoreFindings>): RestoreFindings => ({
  size: 10,
  checkpoints: 1,
  unknownSigners: 0,
  abandoned: 0,
  agreesAt: null,
  differsAt: null,
  ...changes,
});

describe('what checkpoints say about a restored ledger', () => {
  it.each([
    ['kept', { agreesAt: 10 }],
    ['cut', { agreesAt: 4, differsAt: 11 }],
    ['forked', { agreesAt: 4, differsAt: 10 }],
    ['reopened', { agreesAt: 10, abandoned: 2 }],
    ['forked', { agreesAt: 4, differsAt: 10, abandoned: 2 }],
  ] as const)('is `%s` of %j', (verdict, changes) => {
    expect(restoreReport(findings(changes)).verdict).toBe(verdict);
  });

  it('says from where events are missing', () => {
    expect(restoreReport(findings({ agreesAt: 4, differsAt: 11 })).summary).toContain('after size 4');
    expect(restoreReport(findings({ differsAt: 11 })).summary).toContain('from its beginning');
  });

  it('is the same whichever part was compared first', () => {
    const one = findings({ agreesAt: 4, checkpoints: 3, unknownSigners: 1 });
    const other = findings({ agreesAt: 2, differsAt: 7, size: 12, abandoned: 1 });
    const together = {
      size: 12,
      checkpoints: 4,
      unknownSigners: 1,
      abandoned: 1,
      agreesAt: 4,
      differsAt: 7,
    };
    expect(mergeFindings(one, other)).toEqual(together);
    expect(mergeFindings(other, one)).toEqual(together);
  });
});
