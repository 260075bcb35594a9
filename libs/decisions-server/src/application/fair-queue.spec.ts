import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

const fill = (queue: FairQueue<string>, agent: string, count: number) =>
  Array.from({ length: count }, (_, n) => queue.push(agent, `${agent}${n}`));

describe('a fair queue', () => {
  it('takes in turns, each agent in its own order', () => {
    const queue = new FairQueue<string>(100);
    fill(queue, 'mailer', 3);
    fill(queue, 'buyer', 2);

    expect(queue.take(10)).toEqual(['mailer0', 'buyer0', 'mailer1', 'buyer1', 'mailer2']);
    expect(queue.size).toBe(0);
  });

  it('begins the next batch with whoever was not reached', () => {
    const queue = new FairQueue<string>(100);
    fill(queue, 'mailer', 2);
    fill(queue, 'buyer', 2);

    expect(queue.take(1)).toEqual(['mailer0']);
    expect(queue.take(1)).toEqual(['buyer0']);
  });

  it('takes no more of one agent than was said, whether or not others wait', () => {
    const queue = new FairQueue<string>(100);
    fill(queue, 'mailer', 5);
    fill(queue, 'buyer', 1);

    expect(queue.take(10, 2)).toEqual(['mailer0', 'buyer0', 'mailer1']);
    expect(queue.take(10, 2)).toEqual(['mailer2', 'mailer3']);
    expect(queue.size).toBe(1);
  });

  it('refuses an agent past a quarter while another waits, and lets the other in', () => {
    const queue = new FairQueue<string>(8);
    fill(queue, 'buyer', 1);

    expect(fill(queue, 'mailer', 3)).toEqual([null, null, 'agent.too_fast']);
    expect(queue.push('buyer', 'again')).toBeNull();
  });

  it('keeps a quarter free of an agent that is alone, so that the next one gets in', () => {
    const queue = new FairQueue<string>(8);

    expect(fill(queue, 'mailer', 7).at(-1)).toBe('agent.too_fast');
    expect(queue.push('buyer', 'first')).toBeNull();
  });

  it('is bounded whoever asks', () => {
    const queue = new FairQueue<string>(4);
    ['ada', 'grace', 'edsger', 'barbara'].forEach((agent) => fill(queue, agent, 1));

    expect(queue.push('alan', 'late')).toBe('queue.full');
  });
});
