import type { EvaluationInput } from '../policy.evaluation.ts';
import { Timestamp, type Kind } from './value.ts';

/** What a condition can name. Fields left out are free: any key may or may not be there. */
export interface Root {
  readonly kind: Kind;
  /** Every field there is, with its kind, and whether an action may lack it. */
  readonly fields?: Readonly<Record<string, { readonly kind: Kind; readonly optional: boolean }>>;
  /** Keys come from the agent, so each may be missing. */
  readonly isOpen: boolean;
  readonly read: (input: EvaluationInput) => unknown;
}

const always = (kind: Kind) => ({ kind, optional: false });
const maybe = (kind: Kind) => ({ kind, optional: true });

const plain = (kind: Kind, read: Root['read']): Root => ({ kind, isOpen: false, read });

export const roots: Readonly<Record<string, Root>> = {
  intent: plain('string', ({ intent }) => intent),
  target: plain('string', ({ target }) => target),
  args: { kind: 'dyn', isOpen: true, read: ({ args }) => args },
  agent: {
    kind: 'map',
    isOpen: false,
    fields: {
      id: always('string'),
      name: always('string'),
      team: always('string'),
      environment: always('string'),
      riskClass: always('string'),
      labels: always('map'),
    },
    read: ({ agent }) => agent,
  },
  team: plain('string', ({ team }) => team),
  // Null when the action names none, so that `user == null` can be asked.
  user: plain('dyn', ({ user }) => user),
  run: plain('dyn', ({ run }) => run),
  cost: {
    kind: 'map',
    isOpen: false,
    fields: {
      usd: maybe('usd'),
      tokens: maybe('number'),
      provider: maybe('string'),
      model: maybe('string'),
      inputTokens: maybe('number'),
      cachedInputTokens: maybe('number'),
      maxOutputTokens: maybe('number'),
    },
    read: costOf,
  },
  context: { kind: 'map', isOpen: true, read: ({ context }) => context },
  tags: plain('list', ({ tags }) => tags),
  now: plain('timestamp', ({ now }) => new Timestamp(now)),
};

/** Only what is known: a condition asks `has(cost.usd)` and never meets a null price. */
function costOf({ cost }: EvaluationInput): Readonly<Record<string, unknown>> {
  const { usdNanos, tokens, ...stated } = cost;
  return {
    ...stated,
    ...(usdNanos !== null && { usd: usdNanos }),
    ...(tokens !== null && { tokens: Number(tokens) }),
  };
}
