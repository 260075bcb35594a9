import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { listenForLostOutput } from './lost-output.ts';

function lost(code: string): readonly string[] {
  const output = new PassThrough();
  const told: string[] = [];
  listenForLostOutput(output, (message) => told.push(message));
  output.emit('error', Object.assign(new Error(`write ${code}`), { code }));
  return told;
}

describe('an answer that cannot be written', () => {
  it('is no error when nobody reads on', () => expect(lost('EPIPE')).toEqual([]));
  it('is one when the disk is full', () =>
    expect(lost('ENOSPC')).toEqual(['the answer could not be written: write ENOSPC']));
});
