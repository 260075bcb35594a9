import { fieldCases, textCases, type BadCase, type FieldRule } from './wire-cases.ts';

/** One endpoint, and everything it must refuse. */
export interface Endpoint {
  readonly title: string;
  readonly path: string;
  readonly cases: readonly BadCase[];
  /** Refused entry by entry: the answer is 200 and the problem stands in its place. */
  readonly listed?: 'decisions' | 'results';
}

const action = { requestId: 'r-1', intent: 'shop.buy', target: 'mug', args: {}, run: 'run-1', user: 'customer-1' };

const amounts = ['-1', '1e3', '0.0000000001', '1000001', 'NaN', '', ' 1', '0x10', '１'];
const tokens = [-1, 1.5, 1e12];

const actionRules: Readonly<Record<string, FieldRule>> = {
  requestId: { type: 'string', isRequired: true, most: 512, wrong: [''] },
  intent: {
    type: 'string',
    isRequired: true,
    most: 200,
    wrong: ['', 'with space', 'a\nb', 'ünicode', 'a:b', '../x\u202e'],
  },
  target: { type: 'string', most: 2_048 },
  args: { type: 'object' },
  run: { type: 'string', most: 512, wrong: [''] },
  user: { type: 'string', most: 512, wrong: [''] },
  reason: { type: 'string', most: 4_096 },
  tags: { type: 'array', wrong: [[1], Array.from({ length: 33 }, () => 'x'), ['x'.repeat(65)]] },
  dryRun: { type: 'boolean' },
  context: { type: 'object', wrong: [{ unknown: 1 }, { provider: 5 }, { onBehalfOf: 'ada' }] },
  cost: { type: 'object', wrong: [{}, { euros: '1' }, { usd: '1', provider: 'openai' }] },
  'cost.usd': { type: 'string', wrong: amounts },
};

const pricedAction = { ...action, cost: { provider: 'openai', model: 'gpt-4o', inputTokens: 10, maxOutputTokens: 10 } };

const pricedRules: Readonly<Record<string, FieldRule>> = {
  'cost.provider': { type: 'string', isRequired: true, most: 200, wrong: [''] },
  'cost.model': { type: 'string', isRequired: true, most: 200, wrong: [''] },
  'cost.inputTokens': { type: 'number', isRequired: true, wrong: tokens },
  'cost.cachedInputTokens': { type: 'number', wrong: [...tokens, 11] },
  'cost.maxOutputTokens': { type: 'number', wrong: tokens },
};

const outcomeRules: Readonly<Record<string, FieldRule>> = {
  status: { type: 'string', isRequired: true, wrong: ['', 'done', 'SUCCESS'] },
  durationMs: { type: 'number', wrong: [-1, 1.5, 1e15] },
  cost: { type: 'object', wrong: [{}, { euros: '1' }] },
  'cost.usd': { type: 'string', wrong: amounts },
};

const extensionRules: Readonly<Record<string, FieldRule>> = {
  extensionId: { type: 'string', isRequired: true, most: 512, wrong: [''] },
  cost: { type: 'object', wrong: [{}] },
  'cost.usd': { type: 'string', wrong: amounts },
};

const takeRules: Readonly<Record<string, FieldRule>> = {
  takeId: { type: 'string', isRequired: true, most: 512, wrong: [''] },
  action: { type: 'object', isRequired: true, wrong: [{ ...action, dryRun: true }] },
};

const answerRules: Readonly<Record<string, FieldRule>> = {
  questionId: { type: 'string', isRequired: true, wrong: ['', 'qst_1', '../x', `qst_${'g'.repeat(32)}`] },
  answerId: { type: 'string', most: 200, wrong: [''] },
  text: { type: 'string', isRequired: true, most: 4_096, wrong: [''] },
};

const decisionFields = [...fieldCases(action, actionRules), ...fieldCases(pricedAction, pricedRules)];
const outcome = { status: 'success', result: {} };
const cancelledWithCost: BadCase = {
  title: 'a cost of what never started',
  body: JSON.stringify({ status: 'cancelled', cost: { usd: '1' } }),
  field: 'cost',
};

const listOf = (name: string) => (body: string) => `{"${name}":[${body}]}`;

const wrongLists = (name: string): BadCase[] =>
  [
    `{}`,
    `{"${name}":null}`,
    `{"${name}":{}}`,
    `{"${name}":[]}`,
    `{"${name}":[${Array.from({ length: 501 }, () => '{}').join()}]}`,
  ].map((body) => ({
    title: body.slice(0, 40),
    body,
    field: name,
  }));

/** A wrong text of the whole batch refuses the whole batch; sizes are judged by action and so are left out here. */
const batchTexts = (name: string, valid: object): BadCase[] =>
  textCases(listOf(name)(JSON.stringify(valid)))
    .filter(({ title }) => !/KiB|one megabyte|33 levels/.test(title))
    .map((one) => ({ ...one, field: one.field?.startsWith('args') ? `${name}[0].${one.field}` : one.field }));

/** The same cases one level further down. */
const inAction = (cases: readonly BadCase[]) =>
  cases.map((each) => ({ ...each, field: each.field === null ? null : `action.${each.field}` }));

const asTaken = (body: object) => ({ takeId: 't-1', action: body });
const { dryRun: _, ...takenRules } = actionRules;

const takeTexts: BadCase[] = textCases(JSON.stringify(asTaken(action))).map((each) => ({
  ...each,
  field: each.field?.replace(/^args/, 'action.args') ?? null,
}));

/** What an agent does about its ask once people have looked at it. */
function askEndpoints(one: string): readonly Endpoint[] {
  return [
    {
      title: 'POST /v1/decisions/{id}/take',
      path: `${one}/take`,
      cases: [
        ...fieldCases(asTaken(action), takeRules),
        ...inAction(fieldCases(action, takenRules, asTaken)),
        ...takeTexts,
      ],
    },
    {
      title: 'POST /v1/decisions/{id}/answers',
      path: `${one}/answers`,
      cases: fieldCases({ questionId: `qst_${'0'.repeat(32)}`, text: 'yes' }, answerRules),
    },
  ];
}

/** Every endpoint an agent may post to. `decisionId` is of an allowed action. */
export function agentEndpoints(decisionId: string): readonly Endpoint[] {
  const one = `/v1/decisions/${decisionId}`;
  const inResults = (body: object) => ({ outcomes: [{ decisionId, ...body }] });
  return [
    {
      title: 'POST /v1/decisions',
      path: '/v1/decisions',
      cases: [...decisionFields, ...textCases(JSON.stringify(action))],
    },
    {
      title: 'POST /v1/decisions/batch, the text',
      path: '/v1/decisions/batch',
      cases: [...wrongLists('actions'), ...batchTexts('actions', action)],
    },
    {
      title: 'POST /v1/decisions/batch, an entry',
      path: '/v1/decisions/batch',
      listed: 'decisions',
      cases: decisionFields.map((each) => ({ ...each, body: listOf('actions')(each.body) })),
    },
    {
      title: 'POST /v1/decisions/{id}/outcome',
      path: `${one}/outcome`,
      cases: [...fieldCases(outcome, outcomeRules), cancelledWithCost, ...resultTexts],
    },
    {
      title: 'POST /v1/decisions/{id}/extend',
      path: `${one}/extend`,
      cases: fieldCases({ extensionId: 'e-1', cost: { usd: '1' } }, extensionRules),
    },
    ...askEndpoints(one),
    { title: 'POST /v1/outcomes/batch, the text', path: '/v1/outcomes/batch', cases: wrongLists('outcomes') },
    {
      title: 'POST /v1/outcomes/batch, an entry',
      path: '/v1/outcomes/batch',
      listed: 'results',
      cases: fieldCases(outcome, outcomeRules, inResults),
    },
  ];
}

const resultTexts: BadCase[] = textCases('{"status":"success","result":{},"args":{}}')
  .filter(({ title }) => !/KiB|megabyte|levels/.test(title))
  .map((each) => ({
    ...each,
    body: each.body.replace('"result":{},"args":', '"result":').replace(',"args":{}', ''),
    field: each.field?.replace(/^args/, 'result') ?? null,
  }));
