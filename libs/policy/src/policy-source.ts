import { Name } from '@countersign/kernel';
import { patternFault } from '@countersign/kernel/patterns';
import { z } from 'zod';
import { parseDuration } from './duration.ts';
import type { PolicyCode } from './policy-codes.ts';
import type { YamlPath } from './yaml-reader.ts';

/** Carries our code beside zod's message; `source-problems.ts` takes them apart again. */
export const coded = (code: PolicyCode, message: string) => `${code}|${message}`;

const list = <Item extends z.ZodType>(item: Item) =>
  z.array(item).min(1, coded('policy.empty_list', 'has nothing in it: leave the key out'));

const text = z.string().min(1).max(1_000);

const Pattern = z
  .string()
  .superRefine((pattern, { addIssue }) => {
    const fault = patternFault(pattern);
    if (fault !== null) addIssue({ code: 'custom', message: coded('policy.pattern', fault) });
  })
  .describe('`intent` or `intent:target`; `*` stands for any characters, and the first `:` splits.');

const Duration = z
  .string({
    error: ({ input }) =>
      typeof input === 'number'
        ? coded('policy.bare_duration', `has no unit: write ${input}s, ${input}m or ${input}h`)
        : undefined,
  })
  .refine(
    (duration) => parseDuration(duration) !== null,
    coded('policy.duration', 'is not a length of time such as 30m: digits and one of ms, s, m, h, d'),
  )
  .describe('Digits and a unit: ms, s, m, h or d.');

const Decimal = z
  .union([z.string(), z.number()], { error: 'must be a decimal such as "0.50"' })
  .describe('A plain decimal, exact as written: no sign, no exponent.');

const Scope = z.enum(['organization', 'team', 'agent', 'user', 'run']);

export const ApprovalSource = z
  .strictObject({
    team: Name.optional().describe('Whose queue the approval goes to; the agent’s own team when left out.'),
    quorum: z.int().min(1).max(20).optional().describe('How many different people must approve; 1 when left out.'),
    expiresIn: Duration.optional().describe('Undecided by then is denied; 24h when left out.'),
    permitFor: Duration.optional().describe('How long the permit may be taken once approved; 1h when left out.'),
    requireReason: z.enum(['approver']).optional().describe('Who must write a reason.'),
    escalate: z
      .strictObject({ after: Duration, team: Name })
      .optional()
      .describe('Adds a team when it was not decided by then.'),
  })
  .describe('Who must approve, and by when.');
export type ApprovalSource = z.infer<typeof ApprovalSource>;

const guard = {
  match: Pattern,
  when: z.string().optional().describe('A CEL condition; the rule counts only where it is true.'),
  message: text.optional().describe('What people and the agent are told.'),
};
const holdFor = {
  holdFor: Duration.optional().describe(
    'How long the money of an allowed action is held: 1s to 24h, 15m when left out.',
  ),
};
const ruleShapes = {
  allow: { ...guard, ...holdFor },
  ask: { ...guard, ...holdFor, approval: ApprovalSource.optional() },
  block: guard,
};

const budgetShape = {
  name: Name.describe('Names the counters: they survive new versions, so it must keep its scope, unit and window.'),
  scope: Scope,
  match: Pattern.optional().describe('The actions that count; every one when left out.'),
  unit: z.enum(['usd', 'tokens', 'calls']).optional().describe('usd when left out.'),
  window: z.enum(['minute', 'hour', 'day', 'month', 'total']),
  cap: Decimal,
  onExceed: z.enum(['block', 'ask']).optional().describe('block when left out.'),
  approval: ApprovalSource.optional().describe('With `onExceed: ask`: who may raise the cap for one action.'),
  raiseMax: Decimal.optional().describe('With `onExceed: ask`: above it an owner or admin must approve.'),
  warnAt: list(z.number().gt(0).max(1)).optional().describe('Shares of the cap at which the team is warned.'),
  assume: Decimal.optional().describe(
    'What an action counts that does not state its cost; it is blocked when left out.',
  ),
  start: z.literal('now').optional().describe('Counts from its publication, not from what the window already spent.'),
};

const rateShape = {
  match: Pattern,
  scope: Scope,
  max: z.int().min(1).max(1_000),
  per: Duration,
};

const priceShape = {
  provider: text,
  model: text.describe('`*` stands for any characters.'),
  inputPerMTok: Decimal.describe('USD per million tokens.'),
  cachedInputPerMTok: Decimal.optional(),
  outputPerMTok: Decimal,
  from: z.iso.date().optional().describe('Valid from this day (UTC).'),
  until: z.iso.date().optional().describe('Valid until the beginning of this day (UTC).'),
};

const limit = Decimal.optional().describe('USD for each agent; on a user’s policy, for each user.');

const common = {
  apiVersion: z.literal('countersign/v1'),
  name: Name,
  description: text.optional(),
  mode: z
    .enum(['enforce', 'shadow'])
    .optional()
    .describe('A shadow is evaluated and recorded, never applied; enforce when left out.'),
  default: z
    .enum(['block', 'ask', 'abstain'])
    .optional()
    .describe('When no rule matches; block on an agent and abstain elsewhere when left out.'),
  limits: z
    .strictObject({ ai_daily_usd: limit, ai_monthly_usd: limit, llm_daily_usd: limit, llm_monthly_usd: limit })
    .refine(
      (limits) => Object.keys(limits).length > 0,
      coded('policy.empty_list', 'has nothing in it: leave the key out'),
    )
    .optional(),
  maxNew: z
    .strictObject({
      run: z.int().min(1).max(1_000).optional(),
      user: z.int().min(1).max(1_000).optional(),
      per: Duration,
    })
    .refine(({ run, user }) => run !== undefined || user !== undefined, 'must bound `run`, `user` or both')
    .optional()
    .describe('How many runs or users an agent may name for the first time.'),
  models: z
    .strictObject({ allow: list(text).optional(), deny: list(text).optional() })
    .refine(({ allow, deny }) => allow !== undefined || deny !== undefined, 'must list models to `allow` or to `deny`')
    .optional(),
  unknownPrice: z
    .union([z.enum(['block', 'ask']), z.strictObject({ assume: Decimal })], {
      error: 'must be block, ask or { assume: "0.50" }',
    })
    .optional(),
  explain: z.enum(['none', 'message', 'full']).optional().describe('What the agent is told; people always see all.'),
  record: z.enum(['full', 'digest']).optional().describe('digest keeps only a commitment to args, reason and result.'),
  redact: list(
    z
      .string()
      .regex(
        /^((args|result|context)(\.[^.\s]+)*|target|reason)$/,
        'must be a path such as args.card.number or result.items.*.email, or target, or reason',
      ),
  )
    .optional()
    .describe('Paths whose values never reach the ledger; `*` stands for any key or position.'),
};

const written = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  list(z.union([Pattern, z.strictObject(shape)])).optional();

/** A policy as people write it: what the published JSON Schema describes. */
const PolicySource = z.strictObject({
  ...common,
  allow: written(ruleShapes.allow),
  ask: written(ruleShapes.ask),
  block: written(ruleShapes.block),
  neverAutoApprove: list(Pattern).optional(),
  budgets: list(z.strictObject(budgetShape)).optional(),
  rates: list(z.strictObject(rateShape)).optional(),
  prices: list(z.strictObject(priceShape)).optional(),
});

/** The key under which an item of a list carries its place in the text; no YAML text can write it unnoticed. */
export const AT = '@at';
const at = { [AT]: z.custom<YamlPath>(() => true) } as { '@at': z.ZodType<YamlPath> };
const placed = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  list(z.strictObject({ ...shape, ...at })).optional();

/** The same with every rule a mapping and every item carrying its place, so that wrong items can be left out and the others still checked. */
export const PlacedPolicy = z.strictObject({
  ...common,
  allow: placed(ruleShapes.allow),
  ask: placed(ruleShapes.ask),
  block: placed(ruleShapes.block),
  neverAutoApprove: placed({ match: Pattern }),
  budgets: placed(budgetShape),
  rates: placed(rateShape),
  prices: placed(priceShape),
});
export type PlacedPolicy = z.infer<typeof PlacedPolicy>;

/** Keys a rule may have; a mapping with another single key was meant as a pattern. */
export const ruleKeys: ReadonlySet<string> = new Set(Object.keys(ruleShapes.ask));

/** The JSON Schema of a policy text, for editors. What spans several keys is checked by `parsePolicy` only. */
export const policySchema: Readonly<Record<string, unknown>> = {
  ...z.toJSONSchema(PolicySource, { io: 'input' }),
  $id: 'urn:countersign:policy:v1',
  title: 'Countersign policy',
};
