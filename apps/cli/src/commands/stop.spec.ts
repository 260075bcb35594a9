import { describe, expect, it } from 'vitest';
import { stopsWords } from '../format/stops.ts';
import { teamRole } from './member.ts';
import { scopeOf } from './stop.ts';

const plain = (_: string, text: string) => text;

describe('what to stop', () => {
  it('is what the flags say', () => {
    expect(scopeOf({ all: true })).toEqual({ kind: 'organization' });
    expect(scopeOf({ agent: 'mailer' })).toEqual({ kind: 'agent', agent: 'mailer' });
    expect(scopeOf({ team: 'support' })).toEqual({ kind: 'team', team: 'support' });
    expect(scopeOf({ intent: 'payment.*' })).toEqual({ kind: 'intent', pattern: 'payment.*', team: null });
    expect(scopeOf({ intent: 'payment.*', team: 'treasury' })).toMatchObject({ kind: 'intent', team: 'treasury' });
  });

  it('is never everything by leaving it out', () => {
    expect(() => scopeOf({})).toThrow('say what to stop');
  });
});

describe('a stop in words', () => {
  const stop = {
    id: 'stp_1',
    scope: { kind: 'organization' },
    scopeName: 'the whole organization',
    reason: 'strange \u001b[2J refunds',
    by: { kind: 'operator', id: 'ada' },
    rank: 'owner',
    placedAt: '2026-11-21T09:00:00.000Z',
    position: 17,
    lastAllowed: { position: 15, decisionId: 'dec_1', decidedAt: '2026-11-21T08:59:59.000Z' },
    isLookedThrough: true,
  } as const;

  it('says when it was placed and what got through before, and obeys no reason', () => {
    const words = stopsWords([stop], plain as never);
    expect(words).toContain('placed 2026-11-21T09:00:00.000Z at position 17, by ada (owner)');
    expect(words).toContain('last allowed before it: position 15, 2026-11-21T08:59:59.000Z (dec_1)');
    expect(words).not.toContain('\u001b');
  });

  it('tells nothing before from not found', () => {
    expect(stopsWords([{ ...stop, lastAllowed: null }], plain as never)).toContain(
      'nothing in its scope was allowed before it',
    );
    expect(stopsWords([{ ...stop, lastAllowed: null, isLookedThrough: false }], plain as never)).toContain(
      '10,000 positions',
    );
  });
});

describe('a team on the command line', () => {
  it('is a name and a role', () => {
    expect(teamRole('treasury:lead', [{ team: 'support', role: 'none' }])).toEqual([
      { team: 'support', role: 'none' },
      { team: 'treasury', role: 'lead' },
    ]);
    expect(teamRole('treasury', [])).toEqual([{ team: 'treasury', role: 'none' }]);
  });

  it.each(['treasury:boss', ':lead', 'a:lead:b'])('is never %s', (text) => {
    expect(() => teamRole(text, [])).toThrow('must be a team');
  });
});
