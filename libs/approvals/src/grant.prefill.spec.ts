import fc from 'fast-check';
import { compileActionClass } from '@countersign/policy';
import { describe, expect, it, vi } from 'vitest';
import { refundInput } from './approval.mother.ts';
import { prefilledTerms } from './grant.prefill.ts';
import { likenessOf } from './likeness.ts';

// Two shared cores: seconds here may be a minute there.
vi.setConfig({ testTimeout: 120_000 });

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1_000_000_007);

const refund = {
  intent: 'refund.issue',
  target: 'order-1009',
  args: { amount: 120, currency: 'EUR' },
  nanos: 420_000_000n,
};

/** Whether the grant offered for one action covers another. */
function covers(asked: object, other: object): boolean {
  const terms = prefilledTerms({ ...refund, ...asked });
  if (!terms) throw new Error('nothing to offer');
  const { actionClass, problems } = compileActionClass(terms);
  expect(problems).toEqual([]);
  return actionClass?.covers({ ...refundInput, ...other }) ?? false;
}

describe('the grant that is offered first', () => {
  it('takes numbers as upper bounds, and all else as it was', () => {
    expect(prefilledTerms(refund)).toEqual({
      pattern: 'refund.issue:order-1009',
      when: 'size(args) == 2 && args["amount"] <= 120.0 && args["currency"] == "EUR"',
      uses: 5,
      forMs: 3_600_000,
      maxUsd: '2.1',
    });
    expect(covers({}, { args: { amount: 119.5, currency: 'EUR' } })).toBe(true);
    expect(covers({}, { args: { amount: 120.5, currency: 'EUR' } })).toBe(false);
    expect(covers({}, { args: { amount: 1, currency: 'USD' } })).toBe(false);
    expect(covers({}, { target: 'order-1010' })).toBe(false);
  });

  it('lets no argument in that was not there', () => {
    expect(covers({}, { args: { amount: 120, currency: 'EUR', force: true } })).toBe(false);
    expect(covers({}, { args: { amount: 120 } })).toBe(false);
    expect(covers({ args: { lines: [1] } }, { args: { lines: [1, 2] } })).toBe(false);
  });

  it('says a target that a pattern cannot: none, or one with a star', () => {
    for (const target of ['', 'a*']) {
      expect(covers({ target }, { target, args: refund.args })).toBe(true);
      expect(covers({ target }, { target: 'ab', args: refund.args })).toBe(false);
    }
  });

  it('is none where the arguments were not recorded, or are too many', () => {
    expect(prefilledTerms({ ...refund, args: undefined })).toBeNull();
    expect(prefilledTerms({ ...refund, args: { text: 'x'.repeat(5_000) } })).toBeNull();
  });

  it(`covers the action it is offered for, whatever it holds (seed ${seed})`, () => {
    // As numbers arrive on the wire: `-0` is 0 there.
    const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
    const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => value.isWellFormed());
    const args = fc.dictionary(text, fc.oneof(json, text), { maxKeys: 5 });
    fc.assert(
      fc.property(args, text, (held, target) => {
        if (prefilledTerms({ ...refund, args: held, target }) === null) return;
        expect(covers({ args: held, target }, { args: held, target })).toBe(true);
      }),
      { numRuns: 1_000, seed },
    );
  });
});

describe('identical asks', () => {
  const likeness = (changes: object = {}, redacted: readonly string[] = []) =>
    likenessOf({ ...refund, teams: ['treasury', 'legal'], ...changes }, redacted);

  it('are those of the same intent, target, arguments and teams, however they are written', () => {
    const other = { intent: 'Refund.Issue', args: { currency: 'EUR', amount: 120.0 }, teams: ['legal', 'treasury'] };
    expect(likeness(other)).toBe(likeness());
    for (const change of [{ intent: 'refund.read' }, { target: 'x' }, { args: {} }, { teams: ['legal'] }])
      expect(likeness(change)).not.toBe(likeness());
  });

  it('are never known of what was hidden', () => {
    expect(likeness({ args: undefined })).toBeNull();
    expect(likeness({}, ['args.card'])).toBeNull();
  });
});
