import { PENDING_MAX } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { leaveAsks } from './asks.ts';

describe('asks that nobody answers', () => {
  it('never come to more than an agent may have waiting, with every run asking once more', async () => {
    const waiting = new Set<string>();
    const runsAtOnce = 16;
    let most = 0;
    const cancel = async (id: string) => {
      await Promise.resolve();
      waiting.delete(id);
    };
    const asks = leaveAsks({ cancel }, runsAtOnce);
    const run = async (name: number) => {
      for (let step = 0; step < 10; step += 1) {
        waiting.add(`${name}-${step}`);
        most = Math.max(most, waiting.size);
        await Promise.resolve();
        await asks.asked(`${name}-${step}`);
      }
    };
    await Promise.all(Array.from({ length: runsAtOnce }, (_, name) => run(name)));
    expect(most).toBeLessThanOrEqual(PENDING_MAX);
    expect(waiting.size).toBe(PENDING_MAX - runsAtOnce);
  });
});
