import { describe, expect, it } from 'vitest';
import { StrangerLimit } from './stranger-limit.ts';

let now = 0;
const limit = () => {
  now = 1_000_000;
  return new StrangerLimit(() => now);
};

/** How many of so many requests were let through. */
function admitted(strangers: StrangerLimit, address: (index: number) => string, requests: number): number {
  let through = 0;
  for (let index = 0; index < requests; index += 1) {
    try {
      strangers.admit(address(index));
      through += 1;
    } catch (error) {
      expect(error).toMatchObject({ problem: { status: 429, code: 'graphql.too_many_requests' } });
    }
  }
  return through;
}

describe('what nobody in particular asks', () => {
  it('is bounded by address, for a minute', () => {
    const strangers = limit();
    expect(admitted(strangers, () => '203.0.113.7', 400)).toBe(300);
    expect(admitted(strangers, () => '203.0.113.8', 1)).toBe(1);
    now += 59_999;
    expect(admitted(strangers, () => '203.0.113.7', 1)).toBe(0);
    now += 1;
    expect(admitted(strangers, () => '203.0.113.7', 400)).toBe(300);
  });

  it('is bounded for a household, whichever of its addresses it comes from', () => {
    const ofOne = (index: number) => `2001:db8:0:7::${(index + 1).toString(16)}`;
    expect(admitted(limit(), ofOne, 400)).toBe(300);
    const written = ['2001:db8:0:7:0:0:0:1', '2001:db8:0:7::1', '2001:db8:0:7:1::', '2001:db8:0:7:ffff:1:2:3'];
    expect(admitted(limit(), (index) => written[index % 4] ?? '', 400)).toBe(300);
    expect(admitted(limit(), (index) => `2001:db8:0:${index.toString(16)}::1`, 400)).toBe(400);
  });

  it('is one address, by either family', () =>
    expect(admitted(limit(), (index) => (index % 2 ? '203.0.113.7' : '::ffff:203.0.113.7'), 400)).toBe(300));

  it('fills no memory', () => {
    const strangers = limit();
    expect(admitted(strangers, (index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, 30_000)).toBe(
      30_000,
    );
  });
});
