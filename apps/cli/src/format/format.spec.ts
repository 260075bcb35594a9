import { describe, expect, it } from 'vitest';
import { budgetsTable } from './money.ts';
import { paintFor, plain } from './paint.ts';
import { table, tableOr, visible } from './table.ts';
import { stateWords } from './state.ts';

describe('a table', () => {
  it('is as wide as its widest cell, colours not counted', () => {
    const paint = paintFor(true, true);
    const lines = table(
      ['NAME', 'STATUS'],
      [
        ['mailer', paint('red', 'retired')],
        ['x', 'active'],
      ],
      plain,
    ).split('\n');
    expect(lines).toEqual(['NAME    STATUS', `mailer  ${paint('red', 'retired')}`, 'x       active']);
  });

  it('says what to do when there is nothing to show', () => {
    expect(tableOr('no team yet', ['NAME'], [], plain)).toBe('no team yet');
  });
});

describe('colours', () => {
  it.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ])('on a terminal %s and wanted %s: %s', (isTerminal, isWanted, isColoured) => {
    expect(paintFor(isTerminal, isWanted)('red', 'x') !== 'x').toBe(isColoured);
  });
});

it('what a terminal would obey is made visible, and other languages stay as they are', () => {
  expect(visible('Zürich \u4e2d\u6587')).toBe('Zürich \u4e2d\u6587');
  expect(visible('\u001b]0;x\u0007\u200b')).toBe('\\u001b]0;x\\u0007\\u200b');
});

it('a budget over its cap and one without a cap say so', () => {
  const line = {
    policy: 'p',
    budget: 'day',
    scope: 'agent',
    instance: 'a',
    instanceName: 'mailer',
    unit: 'usd',
    window: 'day',
    windowStart: '',
    windowEnd: null,
    spent: '11',
    held: '0',
  };
  const text = budgetsTable(
    [
      { ...line, cap: '10', remaining: '-1' },
      { ...line, cap: null, remaining: null },
    ],
    plain,
  );
  expect(text).toContain('-1 USD (over)');
  expect(text).toContain('none in force');
});

it('a state report names what differs and what is not covered', () => {
  const text = stateWords(
    {
      agrees: false,
      position: 9,
      missing: 7,
      rows: 4,
      rowsNotCovered: 1,
      differencesInAll: 1,
      differences: [{ table: 'holds', key: 'dec_1', folded: '{}', stored: null }],
      redecided: {
        same: 2,
        differentInAll: 0,
        different: [],
        notCovered: 1,
        notCoveredWhy: { 'its payload was erased': 1 },
      },
    },
    plain,
  );
  expect(text).toContain('does not agree with the ledger (position 9)');
  expect(text).toContain('the ledger has no event at position 7');
  expect(text).toContain('holds dec_1: ledger {}, stored nothing');
  expect(text).toContain('not covered: 1, because its payload was erased');
});
