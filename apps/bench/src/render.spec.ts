import { describe, expect, it } from 'vitest';
import { isMet, type Figure } from './figure.ts';
import { readable, renderTable } from './render.ts';

const figure: Figure = {
  name: 'decisions/s',
  yardstick: 'echo',
  unit: '',
  value: 0.2999,
  sense: 'at least',
  must: 0.3,
  aim: 0.5,
  detail: { note: '3000/s' },
};

describe('the table', () => {
  it('says that a figure below its bound missed, however near', () => {
    expect(isMet(figure)).toBe(false);
    expect(renderTable([figure], [], 'machine')).toContain(
      '| decisions/s | 0.3 of echo (3000/s) | >= 0.3 | >= 0.5 | **missed** |',
    );
  });

  it('treats a figure that could not be measured as missed', () => {
    expect(isMet({ ...figure, value: Number.NaN })).toBe(false);
    expect(isMet({ ...figure, sense: 'at most', value: Number.NaN })).toBe(false);
    expect(readable(Number.NaN)).toBe('nothing');
  });

  it('names the rows it left out', () => {
    expect(renderTable([], [{ name: 'latency', why: 'takes minutes' }], 'machine')).toContain(
      'not measured: takes minutes',
    );
  });
});
