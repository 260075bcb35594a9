import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePolicy, runCases } from '@countersign/policy';
import { describe, expect, it } from 'vitest';

const folder = path.resolve(import.meta.dirname, '../../../../docs/examples/airline');
const policy = readFileSync(path.join(folder, 'policy.yaml'), 'utf8');

describe('the airline example', () => {
  it('is a policy without a problem, and without a warning', () => {
    expect(parsePolicy(policy).problems).toEqual([]);
  });

  it('says what its cases want', () => {
    const { problems, results } = runCases(readFileSync(path.join(folder, 'policy.cases.yaml'), 'utf8'), (name) =>
      name === 'airline-agent' ? policy : null,
    );
    expect(problems).toEqual([]);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results.length).toBeGreaterThan(15);
  });
});
