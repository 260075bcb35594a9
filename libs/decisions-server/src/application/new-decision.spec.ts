import { createHash } from 'node:crypto';
import type { Action } from '@countersign/decisions';
import { canonicalJson, type JsonValue } from '@countersign/json';
import type { MemberId } from '@countersign/kernel';
import { describe, expect, it } from 'vitest';
import { digestOf } from './new-decision.ts';

const salt = new Uint8Array(32).fill(7);
const agentId = 'agt_00000000000000000000000000000001';

const bare: Action = { requestId: 'one', intent: 'shop.buy', target: 'books' };
const full: Action = {
  ...bare,
  target: 'a "quoted"\n😀',
  args: { z: 1, a: [true, null, { y: 0.1, b: 'x' }] },
  cost: { usd: '1.50' },
  run: 'run-42',
  user: 'customer\u0001',
  tags: ['not covered'],
  reason: 'not covered',
  context: { onBehalfOf: 'mem_00000000000000000000000000000001' as MemberId, model: 'not covered' },
};

/** As docs/ledger-format.md says it, with nothing taken from the code. */
function expected({ args, cost, intent, context, run, target, user }: Action): string {
  const covered = { agent: agentId, args, cost, intent, onBehalfOf: context?.onBehalfOf, run, target, user };
  const json = Object.fromEntries(Object.entries(covered).map(([key, value]) => [key, value ?? null])) as JsonValue;
  return createHash('sha256').update(salt).update(canonicalJson(json)).digest('hex');
}

describe('the digest of an action', () => {
  it.each([
    ['that says as little as it may', bare],
    ['that says everything', full],
  ])('%s is over the RFC 8785 form of what makes it that action', (_, action) =>
    expect(digestOf(salt, agentId, action)).toBe(expected(action)),
  );

  it('covers nothing but that', () => {
    const { tags: _tags, reason: _reason, ...rest } = full;
    expect(digestOf(salt, agentId, { ...rest, requestId: 'two' })).toBe(digestOf(salt, agentId, full));
  });
});
