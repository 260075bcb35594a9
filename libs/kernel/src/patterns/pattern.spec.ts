import { describe, expect, it } from 'vitest';
import { matchesPattern, parsePattern, patternFault, subjectOf } from './pattern.ts';

const selects = (pattern: string, intent: string, target = '') =>
  matchesPattern(parsePattern(pattern, 'exact'), subjectOf(intent, target));
const guards = (pattern: string, intent: string, target = '') =>
  matchesPattern(parsePattern(pattern, 'folded'), subjectOf(intent, target));

describe('a pattern', () => {
  it.each([
    ['slack.post', 'slack.post', '#general'],
    ['SLACK.Post', 'slack.POST', ''],
    ['payment.*', 'payment.', ''],
    ['*.delete', 'fs.files.delete', ''],
    ['*', 'anything', 'at all'],
    ['slack.post:#gen*', 'slack.post', '#general'],
    ['a*b*b', 'ab.b', ''],
  ])('%s selects %s on `%s`', (pattern, intent, target) => expect(selects(pattern, intent, target)).toBe(true));

  it.each([
    ['payment.*', 'repayment.send', ''],
    ['payment', 'payment.send', ''],
    ['ab*ba', 'aba', ''],
    ['slack.post:#general', 'slack.post', '#General'],
    ['slack.post:#general', 'slack.post', ''],
  ])('%s does not select %s on `%s`', (pattern, intent, target) =>
    expect(selects(pattern, intent, target)).toBe(false),
  );

  it('never lets a star of the intent reach into the target', () =>
    expect(selects('slack*general', 'slack.post', 'general')).toBe(false));

  it('that guards sees through letters that only look different', () => {
    expect(guards('email.send:*@evil.com', 'email.send', 'ada@ＥＶＩＬ.com')).toBe(true);
    expect(selects('email.send:*@evil.com', 'email.send', 'ada@ＥＶＩＬ.com')).toBe(false);
  });

  it.each(['', ':', ':#general', 'slack post', 'slack,post', 'a'.repeat(201), `a:${'b'.repeat(1_023)}`])(
    'is refused with words when its text is `%s`',
    (text) => expect(patternFault(text)).toMatch(/^(is|has) /),
  );

  it('needs linear time for a text made to make matchers go back', () => {
    const text = 'a'.repeat(200);
    expect(selects(`${'a*'.repeat(99)}b`, text)).toBe(false);
  });
});
