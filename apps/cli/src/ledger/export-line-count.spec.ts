import { describe, expect, it } from 'vitest';
import { ExportLineCount } from './export-line-count.ts';

function countOf(text: string, chunkBytes: number): ExportLineCount {
  const count = new ExportLineCount();
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += chunkBytes) count.add(bytes.subarray(from, from + chunkBytes));
  return count;
}

const overtaken = '{"kind":"overtaken","position":17}\n';
const event = (payload: string) => `${JSON.stringify({ kind: 'event', payload })}\n`;

describe('the lines of an export', () => {
  it.each([1, 7, 128, 100_000])('are counted and their end is read, in chunks of %i bytes', (chunkBytes) => {
    expect(countOf(event('x'.repeat(500)) + overtaken, chunkBytes)).toMatchObject({ lines: 2, overtakenAt: 17 });
    expect(countOf(event('x') + event('y'), chunkBytes)).toMatchObject({ lines: 2, overtakenAt: null });
  });

  it.each([
    ['in a payload', event(overtaken)],
    ['not at the end', overtaken + event('x')],
    ['cut off', overtaken.slice(0, -1)],
  ])('an end that is %s is none', (_, text) => {
    expect(countOf(text, 10).overtakenAt).toBeNull();
  });
});
