import { describe, expect, it } from 'vitest';
import { actionBy } from '../policy.mother.ts';
import { compileCondition, frameOf, runCondition } from './condition.ts';
import { ConditionFault } from './fault.ts';

const outcomeOf = (text: string, args: unknown = {}, more: Parameters<typeof actionBy>[0] = {}) => {
  const { condition, problems } = compileCondition(text);
  if (!condition) return problems.map(({ message }) => message).join('; ');
  const outcome = runCondition(condition, frameOf(actionBy({ args, ...more })));
  return outcome instanceof ConditionFault ? `${outcome.kind}: ${outcome.message}` : outcome;
};

describe('a condition reads numbers as JSON does', () => {
  it.each([
    ['args.amount > 50', { amount: 120 }],
    ['args.amount > 50', { amount: 120.5 }],
    ['args.amount + 1 == 121', { amount: 120 }],
    ['args.amount * 2 / 3 == 80', { amount: 120 }],
    ['args.amount % 7 == 1', { amount: 120 }],
    ['-args.amount < -119.5', { amount: 120 }],
    ['size(args.list) + 1 == 3', { list: [1, 2] }],
    ['args.list[size(args.list) - 1] == "b"', { list: ['a', 'b'] }],
  ])('%s holds for %j', (text, args) => expect(outcomeOf(text, args)).toBe('held'));

  it('adds decimals as people do, so that exactly the limit is not over it', () => {
    expect(outcomeOf('sum(args.amounts) > 0.3', { amounts: [0.1, 0.2] })).toBe('failed');
    expect(outcomeOf('sum(args.amounts) == 0.3', { amounts: [0.1, 0.2] })).toBe('held');
    expect(outcomeOf('sum(args.amounts) == 0', { amounts: [] })).toBe('held');
  });
});

describe('money in a condition is exact to the nano', () => {
  it.each([
    ['cost.usd > 0.42', 420_000_001n, 'held'],
    ['cost.usd > 0.42', 420_000_000n, 'failed'],
    ['cost.usd == usd("0.42")', 420_000_000n, 'held'],
    ['usd(args.amount) <= 0.1', 1n, 'held'],
    ['cost.usd + usd("0.1") > 0.52', 420_000_001n, 'held'],
  ])('%s with %s nano-USD', (text, usdNanos, outcome) =>
    expect(outcomeOf(text, { amount: '0.1' }, { cost: { usdNanos, tokens: null } })).toBe(outcome),
  );

  it('does not multiply money with money', () =>
    expect(outcomeOf('cost.usd * cost.usd > 1')).toContain('`*` cannot take both'));

  it('refuses an amount with a tenth decimal', () =>
    expect(outcomeOf('usd(args.amount) > 1', { amount: '0.1234567891' })).toContain('not an amount of money'));
});

describe('I3: what cannot be judged is a fault that names the path, never a yes or a no', () => {
  it.each([
    ['args.amount > 50', {}, 'error: `args.amount` is missing'],
    ['args.customer.tier == "gold"', { customer: {} }, 'error: `args.customer.tier` is missing'],
    ['args.customer.tier == "gold"', {}, 'error: `args.customer` is missing'],
    ['args.customer.tier == "gold"', { customer: 'ada' }, 'error: `args.customer` is a string, so it has no `tier`'],
    [
      'args.amount > 50',
      { amount: '120' },
      'error: `args.amount` is a string and `50` is a number: `>` cannot take both',
    ],
    [
      'args.force == true',
      { force: 'true' },
      'error: `args.force` is a string and `true` is true or false: `==` cannot take both',
    ],
    ['args.amount > 50', { amount: null }, 'error: `args.amount` is null and `50` is a number: `>` cannot take both'],
    ['args.force', { force: 1 }, 'error: the condition is a number, not true or false'],
    ['args.a && args.b', { a: true, b: 'yes' }, 'error: `args.b` is a string, not true or false'],
    ['sum(args.list) > 1', { list: [1, 'two'] }, 'error: `sum` adds numbers, and item 1 of `args.list` is a string'],
    ['args.list.exists(item, item.amount > 1)', { list: [{}] }, 'error: `item.amount` is missing'],
    ['args.total / args.count > 1', { total: 1, count: 0 }, 'error: `args.total / args.count` has no finite result'],
    ['args.list[2] == 1', { list: [1] }, 'error: `args.list[2]` is missing'],
    ['user.startsWith("vip-")', {}, 'error: `user` is null: `startsWith` takes a string'],
    ['has(args.customer.tier)', {}, 'error: `args.customer` is missing'],
  ])('%s on %j', (text, args, message) => expect(outcomeOf(text, args)).toBe(message));

  it('lets a side that decides outweigh the fault of the other, in either order', () => {
    expect(outcomeOf('has(args.amount) && args.amount > 50')).toBe('failed');
    expect(outcomeOf('args.amount > 50 && has(args.amount)')).toBe('failed');
    expect(outcomeOf('args.amount > 50 || intent == "crm.read"')).toBe('held');
    expect(outcomeOf('[args.a, 1].exists(n, n == 1)')).toContain('missing');
    expect(outcomeOf('args.list.exists(item, item.amount > 1)', { list: [{}, { amount: 2 }] })).toBe('held');
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'length'])(
    'finds `%s` only where it was sent',
    (key) => {
      expect(outcomeOf(`has(args.inner["${key}"])`, { inner: {} })).toBe('failed');
      const sent = Object.fromEntries([[key, 7]]);
      expect(outcomeOf(`args.inner["${key}"] == 7`, { inner: sent })).toBe('held');
      expect(outcomeOf('args.inner == args.other', { inner: sent, other: {} })).toBe('failed');
      expect(outcomeOf(`"${key}" in args.inner`, { inner: {} })).toBe('failed');
      expect(outcomeOf(`args.list["${key}"] == 1`, { list: [] })).toContain('error');
    },
  );
});

describe('a condition is refused at publish when it can never be judged', () => {
  it.each([
    ['', 'is empty'],
    ['amount > 50', '`amount` is not known'],
    ['agent.tem == "a"', '`agent.tem` does not exist'],
    ['intent > 5', '`>` cannot take both'],
    ['intent', 'is a string, not true or false'],
    ['intent && true', '`intent` is a string, not true or false'],
    ['target.matches(args.pattern)', 'written as a literal text'],
    ['target.matches("(a")', 'not a regular expression'],
    ['target.matches("(a?){300}")', 'too large'],
    ['constructor(args)', 'there is no function `constructor`'],
    ['target.toString() == ""', 'there is no method `toString`'],
    ['args.list.map(args, true) == []', 'already means something'],
    ['args.list.all(true)', 'takes a variable and an expression'],
    ['now.getHours("Mars/Olympus") > 3', 'time zone'],
    ['args.n > 9007199254740993', 'larger whole number'],
    ['args.n > 1u', 'unsigned numbers'],
    ['lower(5) == "5"', '`lower` takes a string'],
    ['has(args)', '`has` takes one path'],
    ['args.amount >', 'does not read as a condition'],
  ])('%s', (text, message) => expect(outcomeOf(text)).toContain(message));

  it('refuses towers of operators and brackets, and goes on', () => {
    expect(outcomeOf(`${'!'.repeat(3_900)}true`)).toContain('Exceeded maxAstNodes');
    expect(outcomeOf(`args.x == ${'['.repeat(900)}`)).toContain('Exceeded maxDepth');
    expect(outcomeOf('x||'.repeat(1_200) + 'x')).toContain('Exceeded maxAstNodes');
  });

  it('reports every problem of one condition', () =>
    expect(compileCondition('amount > 50 && agent.tem == 1').problems.map(({ at }) => at)).toEqual([0, 21]));
});

describe('hosts and addresses are read so that no other reading passes', () => {
  it.each([
    ['https://API.acme.com:8443/v1', 'api.acme.com'],
    ['https://api.acme.com./v1', 'api.acme.com'],
    ['https://API.ACME.com', 'api.acme.com'],
  ])('%s is on %s', (target, host) => expect(outcomeOf(`host(target) == "${host}"`, {}, { target })).toBe('held'));

  it.each([
    'https://api.acme.com@evil.com/',
    'https://api.acme.com\\@evil.com/',
    'api.acme.com',
    'https:api.acme.com',
    'https://api.acme.com\u200b/',
    'file:///etc/passwd',
    '',
  ])('finds no host in `%s`', (target) =>
    expect(outcomeOf('host(target) == "api.acme.com"', {}, { target })).toContain('error'),
  );

  const allAcme = 'emails(target).all(e, e.endsWith("@acme.com"))';
  it.each([
    ['ada@acme.com', 'held'],
    ['Ada <ada@ACME.com>; grace@acme.com', 'held'],
    ['ada@evil.com, grace@acme.com', 'failed'],
    ['"ada@acme.com" <ada@evil.com>', 'failed'],
    ['', 'error'],
    ['ada', 'error'],
    ['ada@evil.com\u200b@acme.com', 'error'],
    ['ada@evil.com，grace@acme.com', 'error'],
    ['mailto:ada@evil.com?cc=x@acme.com', 'error'],
  ])('`%s` is all at acme.com: %s', (target, outcome) => expect(outcomeOf(allAcme, {}, { target })).toContain(outcome));
});

describe('time in a condition is the decision’s own', () => {
  it('is read in the zone that is named, summer time included', () => {
    const now = Date.UTC(2026, 6, 1, 22, 30);
    expect(
      outcomeOf(
        'now.getHours() == 22 && now.getHours("Europe/Zurich") == 0 && now.getDate("Europe/Zurich") == 2',
        {},
        { now },
      ),
    ).toBe('held');
    expect(outcomeOf('now.getDayOfWeek() == 3 && now.getMonth() == 6', {}, { now })).toBe('held');
    expect(outcomeOf('now - timestamp("2026-07-01T22:00:00Z") == duration("30m")', {}, { now })).toBe('held');
    expect(compileCondition('now > timestamp("2026-07-01T22:00:00Z")').condition?.readsNow).toBe(true);
  });
});

describe('no condition takes longer than its limit', () => {
  const numbers = Array.from({ length: 30_000 }, () => 1);
  it('adds up as many numbers as fit in the arguments', () => {
    expect(outcomeOf('sum(args.list) == 30000', { list: numbers })).toBe('held');
    expect(outcomeOf('sum(args.list.map(p, p.n)) == 10000', { list: numbers.slice(20_000).map((n) => ({ n })) })).toBe(
      'held',
    );
  });

  it.each([
    'args.list.all(a, args.list.all(b, a == b))',
    'args.list.map(a, args.list) == args.list.map(a, args.list.map(b, b))',
    'args.list.exists(a, args.long.contains(args.part))',
    'args.list.all(a, args.long + args.long != "")',
    'args.long.contains(args.part)',
    'args.long.matches("(a+)+$")',
    'args.list.all(a, now.getHours("Europe/Zurich") > 30 || true)',
  ])('%s is stopped within 50 ms', (text) => {
    const half = 'a'.repeat(15_000);
    const from = performance.now();
    const outcome = outcomeOf(text, {
      list: numbers,
      long: half + half,
      part: `${half.slice(8_000)}b${half.slice(8_000)}`,
    });
    expect([outcome, performance.now() - from < 50]).toEqual([
      'cost: costs more to evaluate than one action may',
      true,
    ]);
  });
});

describe('a path that an action may lack is pointed out', () => {
  const unguarded = (text: string) => compileCondition(text).unguarded.map(({ path }) => path.join('.'));
  it.each([
    ['args.amount > 50', ['args.amount']],
    ['has(args.amount) && args.amount > 50', []],
    ['args.amount > 50 && has(args.amount)', []],
    ['!has(args.amount) || args.amount > 50', []],
    ['has(args.amount) ? args.amount > 50 : true', []],
    ['has(args.amount) || args.amount > 50', ['args.amount']],
    ['has(args.a.b) && args.a.b > 1', ['args.a', 'args.a.b']],
    ['has(args.a) && has(args.a.b) && args.a.b > 1', []],
    ['has(args.payments) && sum(args.payments.map(p, p.amount)) > 500', []],
    ['agent.labels.tier == "1" && cost.usd > 1 && agent.team == "a"', ['agent.labels.tier', 'cost.usd']],
    ['args["line-items"] == 1', ['args.line-items']],
  ])('%s: %j', (text, paths) => expect(unguarded(text)).toEqual(paths));
});
