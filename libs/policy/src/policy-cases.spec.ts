import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCases } from './policy-cases.ts';

const folder = new URL('../cases/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.cases.yaml'));

describe.each(files)('%s', (file) => {
  const { problems, results } = runCases(readFileSync(new URL(file, folder), 'utf8'), () => null);
  it('reads', () => expect(problems).toEqual([]));
  it.each(results)('$name', ({ failures }) => expect(failures).toEqual([]));
});
