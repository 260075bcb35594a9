import { parsePolicy } from '@countersign/policy';
import type { Decision } from '@countersign/sdk';
import { describe, expect, it } from 'vitest';
import { cast } from './cast.ts';
import { story, tellScene } from './story.ts';

const refused = (run: string): Decision => ({
  id: `dec_${'0'.repeat(32)}`,
  requestId: null,
  verdict: 'block',
  state: 'decided',
  next: 'stop',
  repeat: false,
  reasons: [
    { code: 'budget.exceeded', rule: 'run', message: `the total cap of 0.10 USD for run \`${run}\` is used up` },
  ],
  approval: null,
  hold: null,
  validUntil: null,
  retryAt: null,
  shadow: [],
  budgets: [
    {
      name: 'run',
      scope: 'run',
      window: 'total',
      unit: 'usd',
      cap: '0.1',
      spent: '0.08',
      asked: '0.04',
      resetsAt: null,
    },
  ],
  actionDigest: null,
  position: 9,
  decidedAt: '2026-11-20T09:00:00.000Z',
  takenAt: null,
});

describe('the demo', () => {
  it('tells a refusal by budget in figures, so that two runs read the same', () => {
    const [scene] = story.slice(-1);
    if (!scene) throw new Error('the story is empty');
    const told = tellScene(scene, 'research', refused('demo-1'));
    expect(told).toBe(tellScene(scene, 'research', refused('demo-2')));
    expect(told).toContain('may spend 0.1 USD, has spent 0.08, and asks for 0.04 more');
  });

  it('has policies without a problem', () => {
    for (const { document } of cast)
      expect(parsePolicy(document).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('gives every scene to an agent of the cast', () => {
    const agents = cast.map(({ agent }) => agent);
    expect(story.filter(({ agent }) => !agents.includes(agent))).toEqual([]);
  });
});
