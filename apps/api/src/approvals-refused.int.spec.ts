import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  approving,
  openAsking,
  operations,
  sendMutation,
  type AskedDecision,
  type Asking,
} from './approvals.fixture.ts';
import { openOperator, type Operated } from './operator.fixture.ts';
import { graph, type Joined } from './people.fixture.ts';

let operated: Operated;
let acme: Asking;
let ada: Joined;
let grace: Joined;

beforeAll(async () => {
  operated = await openOperator();
  acme = await openAsking(operated, 'acme');
  ada = await acme.person('ada', acme.of('treasury'));
  grace = await acme.person('grace', acme.of('treasury'));
}, 120_000);
afterAll(() => operated.close());

const refund = (changes: object = {}) => ({
  intent: 'refund.issue',
  target: `order-${randomUUID()}`,
  cost: { usd: '1' },
  ...changes,
});
const refused = (code: string) => ({ __typename: 'Refusal', code });
const yes = (who: Joined, asked: AskedDecision) => acme.tell(who, 'decideApproval', approving(asked));
/** How far the ledger has come. */
const positionNow = () => acme.look<{ position: number }>(ada, 'position');

describe('who never decides', () => {
  const { involved, notADecider } = {
    involved: refused('approvals.involved'),
    notADecider: refused('approvals.not_a_decider'),
  };

  it("the agent's owner, whoever issued a live key of it, and whom it acts for", async () => {
    const { ask, run, person, of, organizationId } = acme;
    const olga = await person('olga', of('treasury'));
    const dev = await person('dev', {
      role: 'developer',
      teams: [
        { team: 'shop', role: 'none' },
        { team: 'treasury', role: 'approver' },
      ],
    });
    await run({ type: 'ChangeAgent', agent: 'clerk', profile: { owner: olga.memberId } });
    const hers = await ask(refund());
    expect(await yes(olga, hers)).toMatchObject(involved);
    const card = 'agent { ownedBy { id name } }';
    expect(await acme.look(ada, `approval(id: "${hers.approvalId}") { ${card} }`)).toMatchObject({
      approval: { agent: { ownedBy: { id: olga.memberId, name: 'olga-acme' } } },
    });
    expect(await run({ type: 'ChangeAgent', agent: 'clerk', profile: { owner: 'olga' } })).toMatchObject({
      code: 'agents.owner_not_found',
    });

    const issue = 'mutation ($i: IssueAgentKeyInput!) { issueAgentKey(input: $i) { ... on CommandDone { id } } }';
    const issued = await graph(operated, dev.token, {
      query: issue,
      variables: { i: { organizationId, agent: 'clerk' } },
    });
    const { id: keyId } = issued.data?.['issueAgentKey'] as { id: string };
    const asked = await ask(refund());
    expect(await yes(dev, asked)).toMatchObject(involved);
    await run({ type: 'RevokeAgentKey', keyId });
    // Else whoever asks with a key of their own could revoke it, and approve.
    expect(await yes(dev, asked)).toMatchObject(involved);
    expect(await yes(dev, await ask(refund()))).toMatchObject({ __typename: 'ApprovalDone' });

    const forAda = await ask(refund({ context: { onBehalfOf: ada.memberId } }));
    expect(await yes(ada, forAda)).toMatchObject(involved);
    const whyNot = await acme.look(ada, `approval(id: "${forAda.approvalId}") { canDecide whyNot }`);
    expect(whyNot).toEqual({ approval: { canDecide: false, whyNot: 'approvals.involved' } });
    await run({ type: 'ChangeSettings', settings: { ownAgentApproval: true } });
    expect(await yes(ada, forAda)).toMatchObject({ __typename: 'ApprovalDone' });
    await run({ type: 'ChangeSettings', settings: { ownAgentApproval: false } });
    await run({ type: 'ChangeAgent', agent: 'clerk', profile: {} });
  });

  it('whoever was its owner or deputy as it asked, whatever they have given up since', async () => {
    const { ask, run, person, of } = acme;
    const otto = await person('otto', of('treasury'));
    for (const profile of [{ owner: otto.memberId }, { deputy: ` ${otto.memberId.toUpperCase()}` }]) {
      await run({ type: 'ChangeAgent', agent: 'clerk', profile });
      const asked = await ask(refund());
      await run({ type: 'ChangeAgent', agent: 'clerk', profile: {} });
      expect(await yes(otto, asked), JSON.stringify(profile)).toMatchObject(involved);
    }
    expect(await yes(otto, await ask(refund()))).toMatchObject({ __typename: 'ApprovalDone' });
  });

  it('I5: nobody takes by a key of their own what they approved', async () => {
    const { ask, view, take, person, organizationId, of } = acme;
    const kay = await person('kay', { ...of('treasury'), role: 'admin' });
    const action = refund();
    const asked = await ask(action);
    expect(await yes(kay, asked)).toMatchObject({ __typename: 'ApprovalDone' });
    const issued = await graph(operated, kay.token, {
      query: 'mutation ($i: IssueAgentKeyInput!) { issueAgentKey(input: $i) { ... on CommandDone { key } } }',
      variables: { i: { organizationId, agent: 'clerk' } },
    });
    const { key } = issued.data?.['issueAgentKey'] as { key: string };
    const body = { takeId: 'mine', action: { requestId: 'taken', ...action } };
    const taken = await operated.call('POST', `/v1/decisions/${asked.id}/take`, { as: key, body });
    expect(taken.body).toMatchObject({ verdict: 'block', reasons: [{ code: 'permit.not_met' }, {}] });
    expect((await take(asked, action)).body).toMatchObject({ next: 'stop' });
    expect(await view(asked)).toMatchObject({ state: 'approved' });
  });

  it('an auditor, a viewer, an admin without the team role, people of other teams, who left, and a token without the right', async () => {
    const { ask, person, of, run, organizationId } = acme;
    const asked = await ask(refund());
    const others = [
      await person('audrey', { role: 'auditor', ...of('treasury', 'none') }),
      await person('victor', { role: 'viewer', ...of('treasury', 'none') }),
      await person('alan', { role: 'admin' }),
      await person('barbara', of('legal')),
      await person('plain', of('treasury', 'none')),
    ];
    for (const other of others) expect(await yes(other, asked), other.email).toMatchObject(notADecider);
    const scripted = await person('scripted', { ...of('treasury'), rights: ['teams:read', 'args:read'] });
    expect(await yes(scripted, asked)).toMatchObject(refused('identity.forbidden'));
    const leaver = await person('leaver', of('treasury'));
    await run({ type: 'RemoveMember', memberId: leaver.memberId, reason: '' });
    const gone = await sendMutation(operated, leaver.token, 'decideApproval', { organizationId, ...approving(asked) });
    expect(gone.codes).toEqual(['graphql.not_found']);
  });

  it('I4: no agent, whoever its key is of, and nobody', async () => {
    const { ask, key, organizationId } = acme;
    const asked = await ask(refund());
    for (const name of operations) {
      const input = { organizationId, approvalId: asked.approvalId };
      const byAgent = await sendMutation(operated, key, name, input);
      expect([byAgent.status, byAgent.codes], name).toEqual([403, ['sign_in.agent_refused']]);
    }
    const byNobody = await sendMutation(operated, null, 'decideApproval', { organizationId, ...approving(asked) });
    expect(byNobody.codes).toEqual(['sign_in.required']);
    expect(await acme.look(ada, `approval(id: "${asked.approvalId}") { state }`)).toEqual({
      approval: { state: 'pending' },
    });
  });
});

/** What each command takes beside the organization, as somebody would send it. */
const inputOf = (asked: AskedDecision): Readonly<Record<string, Readonly<Record<string, unknown>>>> => {
  const { approvalId, digest } = asked;
  return {
    decideApproval: {
      ...approving(asked),
      reason: 'r',
      feedback: 'f',
      grant: { pattern: 'a:b', when: 'true', uses: 1, forMs: 60_000, maxUsd: '1' },
    },
    decideApprovals: { approvals: [{ approvalId, digest }], verdict: 'approve', reason: 'r', feedback: 'f' },
    retractVote: { approvalId },
    claimApproval: { approvalId },
    unclaimApproval: { approvalId },
    commentOnApproval: { approvalId, text: 't' },
    askAgent: { approvalId, text: 't', questionId: `qst_${'0'.repeat(32)}` },
    editApproval: { approvalId, digest, args: { a: 1 }, reason: 'r' },
    withdrawApproval: { approvalId, reason: 'r' },
    revokeGrant: { grantId: `grt_${'0'.repeat(32)}`, reason: 'r' },
  };
};
const optional = new Set(['reason', 'feedback', 'grant', 'questionId', 'uses', 'forMs', 'maxUsd']);

describe('I7: what is of another organization', () => {
  it('answers as what does not exist', async () => {
    const babbage = await openAsking(operated, 'babbage');
    const theirs = await babbage.ask(refund());
    const absent = { ...theirs, approvalId: `apr_${'0'.repeat(32)}` };
    const { organizationId } = acme;
    for (const [name, input] of Object.entries(inputOf(theirs))) {
      const known = { ...input, ...(name === 'decideApproval' && { grant: undefined }) };
      const other = { ...inputOf(absent)[name], ...(name === 'decideApproval' && { grant: undefined }) };
      const [one, two] = [
        await sendMutation(operated, ada.token, name, { organizationId, ...known }),
        await sendMutation(operated, ada.token, name, { organizationId, ...other }),
      ];
      expect(one.text, name).toEqual(two.text);
      expect(one.text, name).toMatch(/"(approvals|grants)\.not_found"/);
      const inTheirs = { organizationId: babbage.organizationId, ...known };
      expect((await sendMutation(operated, ada.token, name, inTheirs)).codes, name).toEqual(['graphql.not_found']);
    }
    const look = (id: string) => acme.look(ada, `approval(id: "${id}") { id } grant(id: "${id}") { id }`);
    expect(await look(theirs.approvalId)).toEqual(await look(absent.approvalId));
    expect(await acme.look(ada, 'approvals(agent: "clerk", first: 100) { edges { node { id } } }')).not.toContain(
      theirs.approvalId,
    );
  });
});

/** None of these is what any field wants, apart from texts that are short. */
const wrongTypes = [null, 7, true, [], {}, [{}]];
const hostileTexts = ['\u0000', '\ud800', 'x'.repeat(5_000), ''];
const hostileIds = [
  '',
  '../x',
  "' or 1=1",
  'apr_',
  `apr_${'0'.repeat(33)}`,
  `APR_${'0'.repeat(32)}`,
  'dec_x\n',
  '\u0000',
];

describe('bad input', () => {
  let asked: AskedDecision;
  beforeAll(async () => {
    asked = await acme.ask(refund());
  });

  const badIn = (name: string): readonly (readonly [field: string, value: unknown])[] => {
    const fields = Object.keys(inputOf(asked)[name] ?? {});
    return fields.flatMap((field): (readonly [string, unknown])[] => {
      const isId = field === 'approvalId' || field === 'grantId' || field === 'questionId';
      const isText = ['text', 'reason', 'feedback', 'digest', 'verdict'].includes(field);
      const wrong = wrongTypes.filter((value) => !(optional.has(field) && value === null) && !(isId && value === 7));
      return [
        ...(optional.has(field) ? [] : [[field, undefined] as const]),
        ...(field === 'args' ? [null, 7, 'x', [], tooDeep(), { a: 'x'.repeat(70_000) }] : wrong).map(
          (value) => [field, value] as const,
        ),
        ...(isId ? hostileIds : []).map((value) => [field, value] as const),
        ...(isText ? hostileTexts : []).map((value) => [field, value] as const),
      ];
    });
  };
  const tooDeep = () => Array.from({ length: 40 }).reduce<object>((inner) => ({ inner }), {});

  it.each(operations)('%s refuses it by name, changes nothing, and the process stays up', async (name) => {
    const { organizationId } = acme;
    const before = await positionNow();
    for (const [field, value] of badIn(name)) {
      const input = { organizationId, ...inputOf(asked)[name], [field]: value };
      const answer = await sendMutation(operated, ada.token, name, input);
      const told = `${name}.${field} = ${JSON.stringify(value)?.slice(0, 40)}: ${answer.text.slice(0, 300)}`;
      expect(answer.status, told).toBeLessThan(500);
      expect(answer.codes.length, told).toBeGreaterThan(0);
      for (const code of answer.codes) expect(['graphql.invalid', 'request.invalid'], told).toContain(code);
      expect(answer.text, told).toContain(field);
    }
    for (const input of [
      undefined,
      null,
      7,
      [],
      'x',
      {},
      { organizationId },
      { ...inputOf(asked)[name], organizationId: 'x' },
    ]) {
      const { codes, status, text } = await sendMutation(operated, ada.token, name, input);
      expect(status, text).toBeLessThan(500);
      expect(['graphql.invalid', 'graphql.not_found'], text).toContain(codes[0]);
    }
    const more = await sendMutation(operated, ada.token, name, { organizationId, ...inputOf(asked)[name], more: 1 });
    expect(more.codes).toEqual(['graphql.invalid']);
    expect(await positionNow()).toEqual(before);
  });

  it.each([
    ['terms that are none', { pattern: '', when: 'true' }, 'grant.pattern'],
    ['too many uses', { pattern: 'a:b', when: 'true', uses: 101 }, 'grant.uses'],
    ['too long a time', { pattern: 'a:b', when: 'true', forMs: 86_400_001 }, 'grant.forMs'],
    ['money that is negative', { pattern: 'a:b', when: 'true', maxUsd: '-1' }, 'grant.maxUsd'],
  ])('a grant of %s is refused by name', async (_, grant, field) => {
    const { organizationId } = acme;
    const input = { organizationId, ...approving(asked, { grant }) };
    const answer = await sendMutation(operated, ada.token, 'decideApproval', input);
    expect(answer.codes, answer.text).toEqual(['request.invalid']);
    expect(answer.text).toContain(field);
  });

  it('more than a hundred answers at once are refused', async () => {
    const { organizationId } = acme;
    const { approvalId, digest } = asked;
    for (const count of [0, 101]) {
      const approvals = Array.from({ length: count }, () => ({ approvalId, digest }));
      const input = { organizationId, approvals, verdict: 'approve' };
      const answer = await sendMutation(operated, ada.token, 'decideApprovals', input);
      expect(answer.codes, answer.text).toEqual(['request.invalid']);
    }
  });

  it.each(['1e400', '9007199254740993', '"\\u0000"', '"\\ud800"'])(
    '%s in a query itself is refused',
    async (literal) => {
      const { ask, organizationId } = acme;
      const { approvalId, digest } = await ask(refund());
      const input = `{ organizationId: "${organizationId}", approvalId: "${approvalId}", digest: "${digest}", args: { a: ${literal} } }`;
      const answer = await graph(operated, grace.token, {
        query: `mutation { editApproval(input: ${input}) { __typename } }`,
      });
      expect(answer.status, answer.text).toBe(answer.codes[0] === 'graphql.invalid' ? 400 : 200);
      expect(['graphql.invalid', 'request.invalid'], answer.text).toContain(answer.codes[0]);
    },
  );
});
