import { z } from 'zod';

/** Query parameters arrive as text; each is read strictly, and one that does not exist is refused by name. */

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^-?\d{1,16}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));

const Position = wholeNumber(-1, Number.MAX_SAFE_INTEGER);
const Flag = z.enum(['true', 'false'], 'must be true or false').transform((text) => text === 'true');

/** The longest a request may wait: shorter than what proxies cut off. */
const WAIT_SECONDS_MAX = 30;

export const DecisionsQuery = z
  .strictObject({
    after: Position.optional(),
    before: Position.optional(),
    limit: wholeNumber(1, 500).default(20),
    agent: z.string().min(1).max(63).optional(),
    verdict: z.enum(['allow', 'ask', 'block'], 'must be allow, ask or block').optional(),
    run: z.string().min(1).max(512).optional(),
    wait: wholeNumber(0, WAIT_SECONDS_MAX).default(0),
  })
  .refine(({ after, before }) => after === undefined || before === undefined, {
    path: ['before'],
    message: 'must not stand beside `after`: a page goes up or down',
  })
  .refine(({ after, wait }) => wait === 0 || after !== undefined, {
    path: ['wait'],
    message: 'needs `after`: the position to wait behind',
  });
export type DecisionsQuery = z.infer<typeof DecisionsQuery>;

export const EventsQuery = z.strictObject({
  from: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0),
  limit: wholeNumber(1, 1_000).default(100),
});

export const BudgetsQuery = z.strictObject({ all: Flag.default(false) });

export const HoldsQuery = z.strictObject({
  state: z.enum(['open', 'unreported'], 'must be open or unreported').default('open'),
  limit: wholeNumber(1, 1_000).default(200),
});

export const PolicyQuery = z.strictObject({ version: wholeNumber(1, 2_147_483_647).optional() });
