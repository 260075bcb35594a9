import { describe, expect, it } from 'vitest';
import { CommandFailed } from '../command-failed.ts';
import { overridesOf } from '../policy/overrides.ts';
import { referenceOf } from '../policy/policy-reference.ts';
import { label, profileOf } from './agent.ts';
import { positionsOf } from './payload.ts';
import { chosenPoint } from './policy-attach.ts';

const refused = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof CommandFailed ? error.exitCode : error;
  }
  return 'accepted';
};

describe('positions', () => {
  it('are read alone and as ranges, each once', () => expect(positionsOf(['7', '3-5', '4'])).toEqual([3, 4, 5, 7]));
  it.each(['', 'x', '-1', '5-3', '1-', '1.5', '0-5000', '1e3'])('`%s` is wrong usage', (text) =>
    expect(refused(() => positionsOf([text]))).toBe(2),
  );
});

describe('an attachment point', () => {
  it('is exactly one', () => {
    expect(chosenPoint({ agent: 'mailer' })).toEqual({ layer: 'agent', point: 'mailer' });
    expect(chosenPoint({ wholeOrganization: true })).toEqual({ layer: 'organization', point: null });
    expect(refused(() => chosenPoint({}))).toBe(2);
    expect(refused(() => chosenPoint({ agent: 'mailer', team: 'support' }))).toBe(2);
  });
});

describe('overrides of a template', () => {
  it('are numbers, flags and texts as they look, and texts in quotes', () =>
    expect(overridesOf(['limits.ai_daily_usd=2.5', 'a=true', 'name=mailer', 'cap="1.10"', 'b=01'])).toEqual({
      'limits.ai_daily_usd': 2.5,
      a: true,
      name: 'mailer',
      cap: '1.10',
      b: '01',
    }));
  it.each(['name', '=x'])('`%s` is wrong usage', (text) => expect(refused(() => overridesOf([text]))).toBe(2));
});

describe('labels and profiles', () => {
  it('carry what was given and nothing else', () => {
    expect(label('tier=gold=1', { a: 'b' })).toEqual({ a: 'b', tier: 'gold=1' });
    expect(refused(() => label('tier', {}))).toBe(2);
    expect(profileOf({ owner: 'ada', label: {} })).toEqual({ owner: 'ada' });
  });
});

it('a policy is named with or without its version', () => {
  expect(referenceOf('support-agent')).toEqual({ name: 'support-agent', version: null });
  expect(referenceOf('support-agent@3')).toEqual({ name: 'support-agent', version: 3 });
});
