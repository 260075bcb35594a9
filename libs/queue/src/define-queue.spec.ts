import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineQueue, jobOptions } from './define-queue.ts';

const definition = {
  name: 'projections',
  job: 'catch-up',
  payload: z.object({ organization: z.string() }),
  coalesceBy: ({ organization }: { organization: string }) => organization,
  attemptsMax: 5,
};

describe('a queue', () => {
  it.each(['a:b', '42', 'Projections', '', 'projections-'])('may not be called `%s`', (name) => {
    expect(() => defineQueue({ ...definition, name })).toThrow(RangeError);
  });

  it('coalesces by its key and keeps the job that comes while its twin runs', () => {
    const { attempts, deduplication } = jobOptions(defineQueue(definition), { organization: 'treasury' });
    expect([attempts, deduplication]).toEqual([5, { id: 'treasury', keepLastIfActive: true }]);
  });
});
