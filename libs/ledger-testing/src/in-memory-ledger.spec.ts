import { instant } from '@countersign/kernel';
import { ClockUnsure } from '@countersign/ledger';
import { describe, expect, it } from 'vitest';
import { newEvent, newOrganizationId } from './event.mother.ts';
import { InMemoryLedger } from './in-memory-ledger.ts';
import { describeLedger } from './ledger.contract.ts';

let behind = 0;
describeLedger('InMemoryLedger', {
  open: async () => new InMemoryLedger(() => instant(Date.now() - behind)),
  prepare: async () => void (behind = 0),
  stepBack: async (_, milliseconds) => void (behind = milliseconds),
});

describe('I14: a ledger whose clock moves', () => {
  const appendAt = async (...times: readonly number[]) => {
    const [organization, clock] = [newOrganizationId(), [...times]];
    const ledger = new InMemoryLedger(() => instant(clock.shift() ?? 0));
    const recorded = [];
    for (const index of times.keys())
      recorded.push(
        ...(await ledger.append(organization, [newEvent({ stream: 'order-1', streamVersion: index + 1 })])),
      );
    return recorded.map(({ recordedAt }) => recordedAt);
  };

  it('bridges two seconds backwards by repeating the head’s time', async () =>
    expect(await appendAt(10_000, 8_000, 10_001)).toEqual([10_000, 10_000, 10_001]));

  it('refuses to append further behind', async () => expect(appendAt(10_000, 7_999)).rejects.toThrow(ClockUnsure));
});
