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

/** How an invitation reaches whom it is for: by mail, or by whoever asked, who is answered the link. */
export const CommandQuery = z.strictObject({
  delivery: z.enum(['mail', 'link'], 'must be mail or link').default('mail'),
});

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

const ApprovalState = z.enum(
  ['pending', 'approved', 'denied', 'expired', 'cancelled', 'taken', 'withdrawn', 'lapsed'],
  'must be a state of an approval, such as pending',
);

export const ApprovalsQuery = z
  .strictObject({
    state: ApprovalState.optional(),
    order: z.enum(['newest', 'deadline'], 'must be newest or deadline').default('newest'),
    limit: wholeNumber(1, 100).default(50),
  })
  .refine(({ order, state }) => order === 'newest' || state === undefined || state === 'pending', {
    path: ['state'],
    message: 'must be pending or left out: `order=deadline` shows what waits',
  });
