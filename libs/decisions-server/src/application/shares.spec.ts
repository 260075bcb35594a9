import { describe, expect, it } from 'vitest';
import { Shares } from './shares.ts';

const BATCH_MAX = 128;
const none = () => false;
const of = (agent: string, count: number) => Array.from({ length: count }, () => agent);

/** The flooding agent has 64 requests waiting at all times. */
function flood(shares: Shares, batches: number, beside: readonly string[] = []): void {
  for (let count = 0; count < batches; count += 1)
    shares.taken([...of('flooder', Math.min(64, shares.ofEach)), ...beside], (agentId) => agentId === 'flooder');
}

describe('the share of one agent in a batch', () => {
  it('is the whole batch for an agent that is alone', () => {
    const shares = new Shares(BATCH_MAX);
    expect(shares.ofEach).toBe(BATCH_MAX);
    flood(shares, 20);
    expect(shares.ofEach).toBe(BATCH_MAX);
  });

  it('is modest as soon as another asks modestly', () => {
    const shares = new Shares(BATCH_MAX);
    flood(shares, 20);
    flood(shares, 1, ['buyer']);
    expect(shares.ofEach).toBe(4);
  });

  it('stays modest while the other catches up after a pause', () => {
    const shares = new Shares(BATCH_MAX);
    flood(shares, 20, ['buyer']);
    flood(shares, 7, of('buyer', 12));
    expect(shares.ofEach).toBe(4);
  });

  it('is the whole batch again among agents that all flood', () => {
    const shares = new Shares(BATCH_MAX);
    flood(shares, 8, of('buyer', 12));
    expect(shares.ofEach).toBe(BATCH_MAX);
  });

  it('counts what was left waiting as a flood, however little the batch took', () => {
    const shares = new Shares(BATCH_MAX);
    for (let count = 0; count < 8; count += 1) shares.taken([...of('flooder', 4), ...of('other', 4)], () => true);
    expect(shares.ofEach).toBe(BATCH_MAX);
  });

  it('is the whole batch again some time after the other has gone', () => {
    const shares = new Shares(BATCH_MAX);
    flood(shares, 20, ['buyer']);
    flood(shares, 100);
    expect(shares.ofEach).toBe(4);
    flood(shares, 100);
    expect(shares.ofEach).toBe(BATCH_MAX);
  });

  it('forgets nobody who is still asking', () => {
    const shares = new Shares(BATCH_MAX);
    flood(shares, 1_000, ['buyer']);
    expect(shares.ofEach).toBe(4);
    shares.taken(['buyer'], none);
    expect(shares.ofEach).toBe(4);
  });
});
