import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readYamlText } from './yaml-file.ts';

const Teams = z.strictObject({ teams: z.array(z.string().min(3, 'must have three letters')) });
const read = (text: string) => readYamlText('teams.yaml', text, Teams);
const problems = (text: string) => {
  const result = read(text);
  return 'problems' in result ? result.problems : [];
};

describe('a YAML file', () => {
  it('gives its value', () => expect(read('teams: [support]')).toEqual({ value: { teams: ['support'] } }));

  it('names every problem with its place', () => {
    expect(problems('teams:\n  - support\n  - ab\nextra: 1\n')).toEqual([
      'teams.yaml:3:5 error file.wrong_value `teams.1` must have three letters',
      'teams.yaml:4:8 error file.unknown_key `extra` is no key here: remove it or correct its name',
    ]);
  });

  it.each([
    ['teams: [support', 'yaml.syntax'],
    ['teams: [a1b]\nteams: [b1c]', 'yaml.syntax'],
    ['a: &x [abc]\nteams: *x', 'yaml.alias'],
    ['', 'file.wrong_value'],
  ])('%j is a problem of its own kind', (text, code) => expect(problems(text)[0]).toContain(` error ${code} `));
});
