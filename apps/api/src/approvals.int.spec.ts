import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approving, denying, openAsking, type AskedDecision, type Asking } from './approvals.fixture.ts';
import { openOperator, type Operated } from './operator.fixture.ts';
import type { Joined } from './people.fixture.ts';

let operated: Operated;
let acme: Asking;
let ada: Joined;
let grace: Joined;
let edsger: Joined;
let barbara: Joined;

beforeAll(async () => {
  operated = await openOperator();
  acme = await openAsking(operated, 'acme');
  const { person, of } = acme;
  ada = await person('ada', of('treasury'));
  grace = await person('grace', of('treasury', 'lead'));
  edsger = await person('edsger', of('treasury'));
  barbara = await person('barbara', of('legal'));
}, 120_000);
afterAll(() => operated.close());

let orders = 0;
const refund = (changes: object = {}) => ({
  intent: 'refund.issue',
  target: `order-${(orders += 1)}`,
  args: { amount: 120 },
  cost: { usd: '3' },
  ...changes,
});
const wire = () => ({ intent: 'wire.send', target: `wire-${(orders += 1)}` });
const done = (state: string) => ({ __typename: 'ApprovalDone', approval: { state } });
const refused = (code: string) => ({ __typename: 'Refusal', code });

describe('the life of an approval, by people over HTTP', () => {
  it('is claimed, talked about, approved, and taken once as it was approved', async () => {
    const { ask, tell, look, answerQuestion, take, view } = acme;
    const action = refund();
    const asked = await ask(action);
    const { approvalId } = asked;
    expect(await tell(ada, 'claimApproval', { approvalId })).toMatchObject({
      approval: { state: 'pending', claimedBy: { id: ada.memberId } },
    });
    expect(await tell(ada, 'claimApproval', { approvalId })).toMatchObject({ position: null });
    expect(await tell(grace, 'claimApproval', { approvalId })).toMatchObject(refused('approvals.claimed'));
    expect(await tell(grace, 'unclaimApproval', { approvalId })).toMatchObject({ approval: { claimedBy: null } });
    await tell(grace, 'commentOnApproval', { approvalId, text: 'The customer is known.' });
    const question = { approvalId, text: 'Which item?', questionId: `qst_${'7'.repeat(32)}` };
    const { questionId } = await tell(ada, 'askAgent', question);
    expect(questionId).toBe(question.questionId);
    expect(await tell(ada, 'askAgent', question)).toMatchObject({ position: null });
    expect((await answerQuestion(asked, String(questionId), 'The mug\u200b.')).status).toBe(200);

    const talk = '{ comments { text by { name } } questions { text answer } canDecide whyNot }';
    expect(await look(ada, `approval(id: "${approvalId}") ${talk}`)).toEqual({
      approval: {
        comments: [{ text: 'The customer is known.', by: { name: 'grace-acme' } }],
        questions: [{ text: 'Which item?', answer: 'The mug\\u{200b}.' }],
        canDecide: true,
        whyNot: null,
      },
    });
    expect(await tell(ada, 'decideApproval', approving(asked))).toMatchObject(done('approved'));
    expect(await view(asked)).toMatchObject({ state: 'approved', next: 'take' });
    expect((await take(asked, { ...action, args: { amount: 121 } }, 'other')).body).toMatchObject({ next: 'stop' });
    expect((await take(asked, action)).body).toMatchObject({ next: 'act' });
    expect((await take(asked, action, 'twice')).status).toBe(409);
    expect(await tell(ada, 'withdrawApproval', { approvalId })).toMatchObject(refused('approvals.not_approved'));
  });

  it('waits for its quorum of different people, each of whom says why', async () => {
    const { ask, tell } = acme;
    const asked = await ask(wire());
    const yes = approving(asked, { reason: 'agreed by phone' });
    expect(await tell(ada, 'decideApproval', approving(asked))).toMatchObject(refused('approvals.reason_required'));
    expect(await tell(ada, 'decideApproval', yes)).toMatchObject(done('pending'));
    expect(await tell(ada, 'decideApproval', yes)).toMatchObject({ position: null, ...done('pending') });
    expect(await tell(ada, 'retractVote', { approvalId: asked.approvalId })).toMatchObject(done('pending'));
    expect(await tell(grace, 'decideApproval', yes)).toMatchObject(done('pending'));
    expect(await tell(edsger, 'decideApproval', yes)).toMatchObject({
      approval: { state: 'approved', settledBy: { id: edsger.memberId } },
    });
    expect(await tell(grace, 'decideApproval', yes), 'once more').toMatchObject({ position: null });
  });

  it('I5: is settled once; whoever comes later is told who did it, and how', async () => {
    const { ask, tell } = acme;
    const asked = await ask(refund());
    const answers = await Promise.all([
      tell(ada, 'decideApproval', approving(asked)),
      tell(grace, 'decideApproval', denying(asked)),
      tell(edsger, 'decideApproval', approving(asked)),
    ]);
    const [winner, ...others] = answers.filter(({ __typename }) => __typename === 'ApprovalDone');
    expect(others).toEqual([]);
    const by = [ada, grace, edsger][answers.indexOf(winner as never)];
    const state = by === grace ? 'denied' : 'approved';
    for (const loser of answers.filter((each) => each !== winner))
      expect(loser).toMatchObject({
        __typename: 'AlreadySettled',
        ...{ code: 'approvals.already_settled', state },
        settledBy: { id: by?.memberId, name: by?.email.split('@')[0] },
      });
  });

  it('is denied by one, with words for the agent', async () => {
    const { ask, tell, view, look } = acme;
    const asked = await ask(refund());
    const no = denying(asked, { reason: 'too much', feedback: 'Ask for less.' });
    expect(await tell(ada, 'decideApproval', no)).toMatchObject(done('denied'));
    expect(await tell(ada, 'decideApproval', no)).toMatchObject({ position: null });
    expect(await view(asked)).toMatchObject({ state: 'denied', approval: { feedback: 'Ask for less.' } });
    const fields = '{ state feedback votes { verdict reason isStanding method by { id } } outlook { onDeny } }';
    expect(await look(grace, `approval(id: "${asked.approvalId}") ${fields}`)).toMatchObject({
      approval: {
        ...{ state: 'denied', feedback: 'Ask for less.', outlook: null },
        votes: [{ verdict: 'deny', reason: 'too much', isStanding: true, method: 'personal-token' }],
      },
    });
  });

  it('is edited: other votes are gone, and the agent takes it as edited only', async () => {
    const { ask, tell, look, take } = acme;
    const action = { ...wire(), args: { amount: 100 } };
    const asked = await ask(action);
    await tell(ada, 'decideApproval', approving(asked, { reason: 'fine' }));
    const edit = { approvalId: asked.approvalId, digest: asked.digest, args: { amount: 10 }, reason: 'less' };
    const edited = await tell(grace, 'editApproval', edit);
    expect(edited).toMatchObject(done('pending'));
    const stale = await tell(edsger, 'decideApproval', approving(asked, { reason: 'fine' }));
    expect(stale).toMatchObject(refused('approvals.changed'));
    expect(stale.message).toContain(edited.approval?.digest);
    expect(
      await look(ada, `approval(id: "${asked.approvalId}") { votes { isStanding } action { isEdited args } }`),
    ).toMatchObject({
      approval: {
        votes: [{ isStanding: false }, { isStanding: true }],
        action: { isEdited: true, args: { amount: 10 } },
      },
    });
    const seen = { ...asked, digest: String(edited.approval?.digest) };
    expect(await tell(ada, 'decideApproval', approving(seen, { reason: 'fine' }))).toMatchObject(done('approved'));
    expect((await take(asked, action, 'as asked')).body).toMatchObject({ next: 'stop' });
    expect((await take(asked, { ...action, args: { amount: 10 } })).body).toMatchObject({ next: 'act' });
  });

  it('is taken back by who might have denied it, until it is taken', async () => {
    const { ask, tell, take, look } = acme;
    const action = refund();
    const asked = await ask(action);
    const { approvalId } = asked;
    expect(await tell(grace, 'withdrawApproval', { approvalId })).toMatchObject(refused('approvals.not_approved'));
    await tell(ada, 'decideApproval', approving(asked));
    expect(await tell(grace, 'withdrawApproval', { approvalId, reason: 'wait' })).toMatchObject(done('withdrawn'));
    expect(await tell(grace, 'withdrawApproval', { approvalId })).toMatchObject({ position: null });
    expect((await take(asked, action)).status).toBe(409);
    expect(await look(ada, `approval(id: "${approvalId}") { permit { state } }`)).toEqual({
      approval: { permit: { state: 'withdrawn' } },
    });
  });
});

describe('answering many at once', () => {
  const users = (count: number): Promise<AskedDecision[]> =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        acme.ask({ ...refund(), target: 'order-many', user: `customer-${index}` }),
      ),
    );
  const pick = ({ approvalId, digest }: AskedDecision) => ({ approvalId, digest });

  it('answers those that ask the same, each alone', async () => {
    const { tell, look } = acme;
    const [one, two, three] = (await users(3)) as [AskedDecision, AskedDecision, AskedDecision];
    const { approval } = await look<{ approval: { alikeIds: string[] } }>(
      ada,
      `approval(id: "${one.approvalId}") { alikeIds }`,
    );
    expect(new Set(approval.alikeIds)).toEqual(new Set([one, two, three].map(({ approvalId }) => approvalId)));
    await tell(grace, 'decideApproval', denying(two));
    const told = await tell(ada, 'decideApprovals', { approvals: [one, two, three].map(pick), verdict: 'approve' });
    expect(told.results).toMatchObject([
      { approvalId: one.approvalId, outcome: done('approved') },
      { approvalId: two.approvalId, outcome: { code: 'approvals.already_settled', settledBy: { id: grace.memberId } } },
      { approvalId: three.approvalId, outcome: done('approved') },
    ]);
  });

  it('answers none where one of them asks something else, or is not there', async () => {
    const { ask, tell, look } = acme;
    const [one] = (await users(1)) as [AskedDecision];
    const other = await ask({ ...refund(), target: 'order-many', args: { amount: 121 } });
    const absent = { approvalId: `apr_${'0'.repeat(32)}`, digest: 'x' };
    const answer = (beside: object) =>
      tell(ada, 'decideApprovals', { approvals: [pick(one), beside], verdict: 'approve' });
    expect(await answer(pick(other))).toMatchObject(refused('approvals.not_alike'));
    expect(await answer(absent)).toMatchObject(refused('approvals.not_found'));
    expect(await look(ada, `approval(id: "${one.approvalId}") { state }`)).toEqual({ approval: { state: 'pending' } });
  });
});

describe('a grant', () => {
  const grants = '{ edges { node { id state pattern when usesLeft usdLeft canRevoke givenBy { id } } } }';

  it('is given on the prefilled terms, lets what it covers pass, is listed, and revoked', async () => {
    const { ask, tell, look, key } = acme;
    const action = refund();
    const asked = await ask(action);
    interface Prefilled {
      approval: { prefilledGrant: { pattern: string; when: string; uses: number; forMs: number; maxUsd: string } };
    }
    const fields = 'prefilledGrant { pattern when uses forMs maxUsd }';
    const { approval } = await look<Prefilled>(ada, `approval(id: "${asked.approvalId}") { ${fields} }`);
    expect(approval.prefilledGrant).toMatchObject({ uses: 5, forMs: 3_600_000, maxUsd: '15' });
    const given = await tell(ada, 'decideApproval', approving(asked, { grant: approval.prefilledGrant }));
    expect(given).toMatchObject({ grantId: expect.stringMatching(/^grt_/) });
    const passed = await operated.ask(key, { ...action, args: { amount: 100 } });
    expect(passed.body).toMatchObject({ verdict: 'allow', reasons: [{ code: 'grant.used' }, {}] });

    const listed = await look(grace, `grants(agent: "clerk", state: "standing") ${grants}`);
    expect(listed).toMatchObject({
      grants: {
        edges: [
          { node: { id: given.grantId, usesLeft: 4, usdLeft: '12', canRevoke: true, givenBy: [{ id: ada.memberId }] } },
        ],
      },
    });
    expect(await tell(barbara, 'revokeGrant', { grantId: given.grantId })).toMatchObject(
      refused('grants.not_a_decider'),
    );
    expect(await tell(grace, 'revokeGrant', { grantId: given.grantId })).toMatchObject({ __typename: 'CommandDone' });
    expect(await look(grace, `grant(id: "${given.grantId}") { state canRevoke }`)).toEqual({
      grant: { state: 'revoked', canRevoke: false },
    });
    await ask({ ...action, args: { amount: 100 } });
  });

  it.each([
    ['what cannot be read', { pattern: 'refund.issue:*', when: 'args.amount <' }, 'grants.malformed'],
    ['what does not even cover it', { pattern: 'refund.issue:elsewhere', when: 'true' }, 'grants.not_covering'],
  ])('is not given for %s, and nothing is approved', async (_, grant, code) => {
    const { ask, tell, look } = acme;
    const asked = await ask(refund());
    expect(await tell(ada, 'decideApproval', approving(asked, { grant }))).toMatchObject(refused(code));
    expect(await look(ada, `approval(id: "${asked.approvalId}") { state votes { verdict } }`)).toEqual({
      approval: { state: 'pending', votes: [] },
    });
  });
});
