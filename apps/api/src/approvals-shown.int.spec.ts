import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approving, openAsking, type AskedDecision, type Asking } from './approvals.fixture.ts';
import { openOperator, type Operated } from './operator.fixture.ts';
import { graph, type Joined } from './people.fixture.ts';

let operated: Operated;
let acme: Asking;
let ada: Joined;
let grace: Joined;
let barbara: Joined;
let audrey: Joined;
let victor: Joined;

beforeAll(async () => {
  operated = await openOperator();
  acme = await openAsking(operated, 'acme');
  const { person, of } = acme;
  ada = await person('ada', of('treasury'));
  grace = await person('grace', of('treasury', 'lead'));
  barbara = await person('barbara', of('legal'));
  audrey = await person('audrey', { role: 'auditor' });
  victor = await person('victor', { role: 'viewer', ...of('shop', 'none') });
}, 120_000);
afterAll(() => operated.close());

const refund = (changes: object = {}) => ({
  intent: 'refund.issue',
  target: 'order-1',
  args: { amount: 120, items: [{ sku: 'mug' }] },
  cost: { usd: '30' },
  ...changes,
});
const EVERYTHING = `{ state target hasArgs canDecide whyNot deadline openedAt
  agent { name purpose riskClass team { name } }
  action { args argsAsSent isEdited reason cost usd run user tags hidden redacted }
  reasons { code policy version rule line effect message }
  budgets { budget instanceName cap spent held asked leaves }
  requirements { team teams quorum requiresReason escalatesTo escalatesAt counted { id } mayStillDecide { name } }
  outlook { onApprove onDeny onTimeout }
  before { verdict intent target }
  lastLike { approvalId state settledBy { name } differences { path before now } } }`;

type Shown = Readonly<Record<string, unknown>>;
const show = async (who: Joined, { approvalId }: Pick<AskedDecision, 'approvalId'>, fields = EVERYTHING) =>
  (await acme.look<{ approval: Shown | null }>(who, `approval(id: "${approvalId}") ${fields}`)).approval;

describe('what an approver sees', () => {
  it('is everything it takes to judge, with nothing hidden', async () => {
    const { ask, tell, key } = acme;
    await operated.ask(key, { intent: 'note.write', target: 'diary\u202e' });
    const before = await ask(refund());
    await tell(ada, 'decideApproval', approving(before));
    const hidden = { target: 'order-2\u200b', user: 'customer-1', run: 'run-1', tags: ['vip'], reason: 'broken\u2066' };
    const asked = await ask(
      refund({ ...hidden, args: { amount: 140, items: [{ sku: 'mug\u202e' }, { sku: 'pan' }] } }),
    );
    const shown = await show(ada, asked);
    expect(shown).toMatchObject({
      ...{ state: 'pending', target: 'order-2\\u{200b}', hasArgs: true, canDecide: true, whyNot: null },
      agent: { name: 'clerk', purpose: 'refunds', riskClass: 'high', team: { name: 'shop' } },
      action: {
        args: { amount: 140, items: [{ sku: 'mug\\u{202e}' }, { sku: 'pan' }] },
        argsAsSent: { amount: 140, items: [{ sku: 'mug\u202e' }, { sku: 'pan' }] },
        ...{ isEdited: false, reason: 'broken\\u{2066}', usd: '30', run: 'run-1', user: 'customer-1', tags: ['vip'] },
        hidden: ['target', 'args.items[0].sku', 'reason'],
        redacted: [],
      },
      reasons: [{ code: 'policy.rule', policy: 'asking', version: 1, rule: 'refund.issue:*', line: 5, effect: 'ask' }],
      budgets: [
        { budget: 'month', instanceName: 'shop', cap: '100', spent: '0', held: '0', asked: '30', leaves: '70' },
      ],
      requirements: [
        {
          ...{ team: 'treasury', teams: ['treasury'], quorum: 1, requiresReason: false, escalatesTo: 'legal' },
          ...{ counted: [], mayStillDecide: [{ name: 'ada-acme' }, { name: 'grace-acme' }] },
        },
      ],
      outlook: { onApprove: 'The agent may do exactly this, once, within 30 min.' },
      before: [
        { verdict: 'ask', intent: 'refund.issue', target: 'order-1' },
        { verdict: 'allow', intent: 'note.write', target: 'diary\\u{202e}' },
      ],
      lastLike: {
        ...{ approvalId: before.approvalId, state: 'approved', settledBy: { name: 'ada-acme' } },
        differences: [
          { path: 'target', before: 'order-1', now: 'order-2\\u{200b}' },
          { path: 'args.amount', before: 120, now: 140 },
          { path: 'args.items[0].sku', before: 'mug', now: 'mug\\u{202e}' },
          { path: 'args.items[1]', before: null, now: { sku: 'pan' } },
          { path: 'user', before: null, now: 'customer-1' },
        ],
      },
    });
  });

  it('counts what is missing after the answer, and says what nobody answering means', async () => {
    const { ask, tell } = acme;
    const asked = await ask({ intent: 'wire.send', target: 'wire-1' });
    const fields = '{ outlook { onApprove onTimeout } deadline requirements { counted { id } mayStillDecide { id } } }';
    const first = await show(ada, asked, fields);
    expect(first).toMatchObject({
      outlook: { onApprove: 'Nothing happens yet: it also needs 1 more of treasury.' },
    });
    expect(JSON.stringify(first)).toContain(`Undecided at ${String(first?.['deadline'])}`);
    await tell(ada, 'decideApproval', approving(asked, { reason: 'yes' }));
    expect(await show(grace, asked, fields)).toMatchObject({
      outlook: { onApprove: 'The agent may do exactly this, once, within 1 h.' },
      requirements: [{ counted: [{ id: ada.memberId }], mayStillDecide: [{ id: grace.memberId }] }],
    });
  });

  it('is a deadline that stands still under a stop', async () => {
    const asked = await acme.ask(refund({ target: 'order-stopped' }));
    const deadline = async () => Date.parse(String((await show(ada, asked, '{ deadline }'))?.['deadline']));
    const before = await deadline();
    const placed = await acme.run({ type: 'PlaceStop', scope: { kind: 'agent', agent: 'clerk' } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const [{ data }] = placed['events'] as [{ data: { stopId: string } }];
    await acme.run({ type: 'LiftStop', stopId: data.stopId });
    expect((await deadline()) - before).toBeGreaterThanOrEqual(50);
    expect((await deadline()) - before).toBeLessThan(10_000);
  });
});

describe('who sees what', () => {
  it("shows the agent's team and the queue, its arguments by right, and nobody else", async () => {
    const asked = await acme.ask(refund({ target: 'order-seen' }));
    const fields = '{ hasArgs canDecide whyNot action { args } votes { reason } outlook { onDeny } }';
    expect(await show(victor, asked, fields)).toEqual({
      ...{
        hasArgs: false,
        canDecide: false,
        whyNot: 'approvals.not_a_decider',
        action: null,
        votes: [],
        outlook: null,
      },
    });
    expect(await show(audrey, asked, fields)).toMatchObject({
      ...{ hasArgs: true, canDecide: false, whyNot: 'approvals.not_a_decider', action: { args: { amount: 120 } } },
    });
    expect(await show(barbara, asked, '{ id }')).toBeNull();
    for (const id of ['', 'x', `apr_${'0'.repeat(32)}`, '../../etc', 'apr_\u0000'])
      expect(await graph(operated, ada.token, idQuery(id)).then(({ data }) => data)).toMatchObject({
        organization: { approval: null },
      });
  });

  const idQuery = (id: string) => ({
    query: 'query ($o: ID!, $id: ID!) { organization(id: $o) { approval(id: $id) { id } } }',
    // U+0000 stands for what no column of text holds; the strict reader refuses it before.
    variables: { o: acme.organizationId, id: id.replace('\u0000', '%00') },
  });

  it('shows the queue what the agent is and did only while there is something to decide', async () => {
    const { ask, tell } = acme;
    const asked = await ask(refund({ target: 'order-while' }));
    const fields = '{ agent { name } before { id } action { args } }';
    expect(await show(ada, asked, fields)).toMatchObject({ agent: { name: 'clerk' } });
    await tell(ada, 'decideApproval', { ...approving(asked), verdict: 'deny' });
    expect(await show(ada, asked, fields)).toMatchObject({
      agent: null,
      before: [],
      action: { args: { amount: 120 } },
    });
    expect(await show(audrey, asked, fields)).toMatchObject({ agent: { name: 'clerk' } });
  });
});

describe('the queue', () => {
  interface Page {
    approvals: {
      edges: { node: { id: string; state: string; deadline: string }; cursor: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  }
  const page = async (who: Joined, args: string) =>
    (
      await acme.look<Page>(
        who,
        `approvals${args} { edges { node { id state deadline } cursor } pageInfo { hasNextPage endCursor } }`,
      )
    ).approvals;
  const idsOf = ({ edges }: Page['approvals']) => edges.map(({ node }) => node.id);

  it('is read page by page in its order, each once, whatever comes in between', async () => {
    const contract = (index: number) => acme.ask({ intent: 'contract.sign', target: `contract-${index}` });
    const asked: string[] = [];
    for (let index = 0; index < 5; index += 1) asked.push((await contract(index)).approvalId);
    for (const [order, expected] of [
      ['newest', asked.toReversed()],
      ['deadline', asked],
    ] as const) {
      const read: string[] = [];
      for (let after = ''; ;) {
        const got = await page(barbara, `(first: 2, team: "legal", order: "${order}"${after})`);
        read.push(...idsOf(got));
        if (!got.pageInfo.hasNextPage) break;
        after = `, after: "${got.pageInfo.endCursor}"`;
        if (order === 'newest') await acme.ask(refund({ target: `order-between-${read.length}` }));
      }
      expect(
        read.filter((id) => asked.includes(id)),
        order,
      ).toEqual(expected);
      expect(new Set(read).size).toBe(read.length);
    }
  });

  it('is narrowed by team, agent, state, and to what waits for the caller', async () => {
    const waits = await acme.ask({ intent: 'wire.send', target: 'wire-queue' });
    const all = idsOf(await page(grace, '(first: 100, decidable: true, order: "deadline")'));
    expect(all).toContain(waits.approvalId);
    expect(idsOf(await page(barbara, '(first: 100, decidable: true)'))).not.toContain(waits.approvalId);
    expect(idsOf(await page(audrey, '(first: 100, decidable: true)'))).toEqual([]);
    await acme.tell(grace, 'decideApproval', approving(waits, { reason: 'yes' }));
    expect(idsOf(await page(grace, '(first: 100, decidable: true)'))).not.toContain(waits.approvalId);
    expect(idsOf(await page(grace, '(first: 100, team: "treasury", agent: "clerk", state: "pending")'))).toContain(
      waits.approvalId,
    );
    const denied = await page(ada, '(first: 100, state: "denied")');
    expect(new Set(denied.edges.map(({ node }) => node.state))).toEqual(new Set(['denied']));
    for (const none of ['team: "none"', 'agent: "none"', 'team: "shop"'])
      expect(idsOf(await page(ada, `(${none})`)), none).toEqual([]);
  });

  it.each([
    ['first: 0', 'first'],
    ['first: 101', 'first'],
    ['state: "open"', 'state'],
    ['order: "oldest"', 'order'],
    ['order: "deadline", state: "denied"', 'state'],
    ['after: "x"', 'after'],
    [`after: "${Buffer.from("'; drop table x").toString('base64url')}"`, 'after'],
    [`order: "deadline", after: "${Buffer.from(`apr_${'0'.repeat(32)}`).toString('base64url')}"`, 'after'],
  ])('refuses %s, and names the argument', async (args, argument) => {
    const query = `query ($o: ID!) { organization(id: $o) { approvals(${args}) { pageInfo { endCursor } } } }`;
    const answer = await graph(operated, ada.token, { query, variables: { o: acme.organizationId } });
    expect(answer.codes, answer.text).toEqual(['graphql.invalid']);
    expect(answer.text).toContain(`\`${argument}\``);
  });
});
