import { z } from 'zod';
import { Amount } from './requirement.ts';

const HOUR_MS = 3_600_000;

/** How often a grant may be used when nobody says, and at most. */
export const GRANT_USES = { usual: 5, most: 100 } as const;
/** How long a grant stands, from when it is given. */
export const GRANT_MILLISECONDS = { usual: HOUR_MS, most: 24 * HOUR_MS } as const;

/** What people permit beside the one action: which actions, how often, how long, and for how much money in all. */
export const GrantTerms = z.strictObject({
  /** `intent:target`; the actions of this one agent that it may cover. */
  pattern: z.string().min(1).max(1_024),
  /** What may vary: a CEL condition, as in a policy. Null leaves everything free. */
  when: z.string().max(4_000).nullable(),
  uses: z.number().int().min(1).max(GRANT_USES.most).default(GRANT_USES.usual),
  forMs: z.number().int().min(1_000).max(GRANT_MILLISECONDS.most).default(GRANT_MILLISECONDS.usual),
  /** USD in all its uses. At 0, only actions that cost nothing are covered: leaving it out must not mean any amount. */
  maxUsd: Amount.default('0'),
});
export type GrantTerms = z.infer<typeof GrantTerms>;

/** Two people agree on a grant only when they agree on all of it. */
export const areSameTerms = (one: GrantTerms | null, other: GrantTerms | null): boolean =>
  one === other || (one !== null && other !== null && textOf(one) === textOf(other));

const textOf = ({ pattern, when, uses, forMs, maxUsd }: GrantTerms) =>
  JSON.stringify([pattern, when, uses, forMs, maxUsd]);
