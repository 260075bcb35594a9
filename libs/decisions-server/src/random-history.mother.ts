import fc from 'fast-check';

/** One thing that happens in an organization. References are numbers, taken modulo however many there are. */
export type Step =
  | { readonly kind: 'actions'; readonly actions: readonly RandomAction[] }
  | {
      readonly kind: 'report';
      readonly of: number;
      readonly status: 'success' | 'error' | 'cancelled';
      readonly usd: string | null;
    }
  | { readonly kind: 'extend'; readonly of: number; readonly usd: string | null; readonly holdFor: number | null }
  | { readonly kind: 'cancel'; readonly of: number }
  | { readonly kind: 'expire' }
  | { readonly kind: 'correct'; readonly of: number; readonly usd: string }
  | { readonly kind: 'publish'; readonly policy: number; readonly document: string }
  | { readonly kind: 'attach' | 'detach'; readonly policy: number; readonly layer: Layer; readonly point: number }
  | { readonly kind: 'move' | 'revoke'; readonly agent: number; readonly team: number }
  | { readonly kind: 'zone'; readonly timeZone: string };

export type Layer = (typeof layers)[number];

export interface RandomAction {
  readonly agent: number;
  readonly replica: number;
  readonly intent: string;
  readonly usd: string | null;
  readonly tokens: number | null;
  readonly user: string | null;
  readonly run: string | null;
}

const layers = ['organization', 'team', 'agent', 'user'] as const;
export const users = ['ada', 'grace'] as const;
export const policyNames = ['first', 'second', 'third'] as const;

const reference = fc.nat({ max: 1_000 });
/** `shop.brief` holds for a second, so that it expires while the history goes on. */
const intent = fc.constantFrom('shop.buy', 'shop.brief', 'llm.chat', 'note.ask', 'fs.delete');
const usd = fc.constantFrom('0', '0.1', '0.25', '1', '2.000000001', '9');
const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

const action: fc.Arbitrary<RandomAction> = fc.record({
  agent: reference,
  replica: reference,
  intent,
  usd: orNull(usd),
  tokens: orNull(fc.constantFrom(0, 10, 900)),
  user: orNull(fc.constantFrom(...users)),
  run: orNull(fc.constantFrom('run-1', 'run-2')),
});

/** Every scope, window and unit; the name says which, because a budget cannot change them under its name. */
const budget = fc
  .record({
    scope: fc.constantFrom('organization', 'team', 'agent', 'user', 'run'),
    window: fc.constantFrom('minute', 'hour', 'day', 'month', 'total'),
    unit: fc.constantFrom('usd', 'tokens', 'calls'),
    cap: fc.constantFrom(0, 3, 10, 1_000, 1_000, 100_000, 100_000),
    match: fc.constantFrom('*', 'shop.*:*', 'llm_*'),
    assumes: fc.boolean(),
    isNew: fc.boolean(),
    onExceed: fc.constantFrom('block', 'ask'),
  })
  .map(({ scope, window: wanted, unit, cap, match, assumes, isNew, onExceed }) => {
    const window = scope === 'run' ? 'total' : wanted;
    const more = [...(assumes && unit !== 'calls' ? ['assume: "1"'] : []), ...(isNew ? ['start: now'] : [])];
    const fields = [
      `name: ${scope}-${window}-${unit}, scope: ${scope}, window: ${window}, unit: ${unit}, cap: ${cap}, match: "${match}"`,
      ...[`onExceed: ${onExceed}${onExceed === 'ask' ? ', approval: { team: treasury }' : ''}`, ...more],
    ];
    return { name: `${scope}-${window}-${unit}`, line: `  - { ${fields.join(', ')} }` };
  });

const document = fc.record({
  name: fc.constantFrom(...policyNames),
  mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'shadow'),
  budgets: fc.uniqueArray(budget, { maxLength: 5, selector: ({ name }) => name }),
  rate: orNull(fc.constantFrom('agent', 'organization', 'user')),
});

const publish = document.map(({ name, mode, budgets, rate }) => ({
  kind: 'publish' as const,
  policy: policyNames.indexOf(name),
  document: [
    `apiVersion: countersign/v1\nname: ${name}\nmode: ${mode}`,
    `allow: [{ match: "shop.brief:*", holdFor: 1s }, "shop.buy:*", "llm.*:*"]`,
    `ask: [{ match: "note.ask:*", approval: { team: treasury } }]`,
    ...(rate === null ? [] : [`rates: [{ match: "shop.*:*", scope: ${rate}, max: 3, per: 1m }]`]),
    ...(budgets.length === 0 ? [] : ['budgets:', ...budgets.map(({ line }) => line)]),
    '',
  ].join('\n'),
}));

const point = { policy: reference, layer: fc.constantFrom(...layers), point: reference };
const kind = <Kind extends string>(...kinds: Kind[]) => fc.constantFrom(...kinds);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({ kind: kind('actions'), actions: fc.array(action, { minLength: 1, maxLength: 6 }) }),
  },
  {
    weight: 40,
    arbitrary: fc.record({
      kind: kind('report'),
      of: reference,
      status: fc.constantFrom('success', 'success', 'error', 'cancelled'),
      usd: orNull(usd),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      kind: kind('extend'),
      of: reference,
      usd: orNull(usd),
      holdFor: orNull(fc.constantFrom(1, 60)),
    }),
  },
  { weight: 10, arbitrary: fc.record({ kind: kind('cancel'), of: reference }) },
  { weight: 5, arbitrary: fc.record({ kind: kind('expire') }) },
  { weight: 10, arbitrary: fc.record({ kind: kind('correct'), of: reference, usd }) },
  { weight: 10, arbitrary: publish },
  { weight: 10, arbitrary: fc.record({ kind: kind('attach', 'attach', 'detach'), ...point }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('move', 'move', 'revoke'), agent: reference, team: reference }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind('zone'), timeZone: fc.constantFrom('UTC', 'Asia/Tokyo', 'America/Lima') }),
  },
);

/** So many short histories; the same for the same seed. */
export const randomHistories = (count: number, seed: number): readonly (readonly Step[])[] =>
  fc.sample(fc.array(step, { minLength: 2, maxLength: 7 }), { numRuns: count, seed });
