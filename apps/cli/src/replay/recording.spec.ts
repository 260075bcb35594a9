import { describe, expect, it } from 'vitest';
import { BadRecording, readRecording } from './recording.ts';

const look = '{"run":"ada-1","step":1,"kind":"tool","intent":"crm.read"}';

describe('a recording', () => {
  it('keeps each run in its own order when runs are interleaved', () => {
    const { runs, steps } = readRecording(
      [look, look.replace('ada', 'bob'), look.replace('"step":1', '"step":2').replace('crm.read', 'crm.write')].join(
        '\n',
      ),
    );
    expect(steps).toBe(3);
    expect(runs.map(({ name }) => name)).toEqual(['ada-1', 'bob-1']);
    expect(runs[0]?.steps.map(({ intent }) => intent)).toEqual(['crm.read', 'crm.write']);
  });

  it('names every bad line with what is wrong', () => {
    const text = [
      look,
      'not json',
      '{"run":"ada-1","step":1,"kind":"tool","intent":"crm.read"}',
      '{"run":"ada-1","kind":"llm","intent":"llm.chat","target":"gpt-4o","input_chars":-1,"output_chars":2}',
      '{"run":"ada-1","kind":"tool","intent":"crm.read","resultChars":2}',
      '{"run":"ada-1","kind":"dream","intent":"crm.read"}',
    ].join('\n');
    expect(() => readRecording(text)).toThrow(BadRecording);
    const message = messageOf(() => readRecording(text));
    expect(message).toMatch(/^line 2: is not JSON/m);
    expect(message).toMatch(/^line 3: `step` is 1 after 1/m);
    expect(message).toMatch(/^line 4: `input_chars`/m);
    expect(message).toMatch(/^line 5: unknown field `resultChars`/m);
    expect(message).toMatch(/^line 6: `kind` must be llm or tool/m);
  });

  it('refuses a file without a step', () => {
    expect(() => readRecording('\n\n')).toThrow(/holds no step/);
  });
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
