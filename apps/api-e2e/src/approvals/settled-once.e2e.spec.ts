import { randomUUID } from 'node:crypto';
import { arrangeAgent, arrangeOrganization, HttpClient, startSystem, type System } from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inParallel } from '../support/caller.ts';
import { expectStateAgrees } from '../support/evidence.ts';
import { joinOrganization, type JoinedMember } from '../support/members.ts';
import { recordedLedger, type LedgerRow } from '../support/recorded-ledger.ts';

const APPROVALS = 200;
const PEOPLE = 5;
const QUORUM = 2;
/** As many as may wait of one agent. */
const ASKS_EACH = 20;
/** Approvals that are answered at a time; each is ten answers at once. */
const AT_ONCE = 4;

const asking = `apiVersion: countersign/v1
name: asking
ask: [{ match: "refund.issue:*", approval: { team: treasury, quorum: ${QUORUM} } }]
`;

interface Asked {
  readonly approvalId: string;
  readonly digest: string;
}

interface Answer {
  readonly by: string;
  readonly verdict: 'approve' | 'deny';
  readonly told: {
    readonly __typename: string;
    readonly state?: string;
    readonly settledBy?: { readonly id: string; readonly name: string } | null;
  };
}

let system: System;
let organization: string;
let people: readonly JoinedMember[];

beforeAll(async () => {
  system = await startSystem({ replicas: 2 });
  organization = await arrangeOrganization(system.operator, ['shop', 'treasury']);
  const joined: JoinedMember[] = [];
  for (let index = 0; index < PEOPLE; index += 1) {
    const teams = [{ team: 'treasury', role: 'approver' }];
    joined.push(await joinOrganization(system, organization, { name: `person-${index}`, role: 'member', teams }));
  }
  people = joined;
});
afterAll(() => system.stop());

async function askEverything(): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  for (let agents = 0; agents < APPROVALS / ASKS_EACH; agents += 1) {
    const { key } = await arrangeAgent(system.operator, organization, { team: 'shop', policy: asking });
    const client = new HttpClient(system.apis[0]?.url ?? '', key, ASKS_EACH);
    const actions = Array.from({ length: ASKS_EACH }, (_, index) => ({
      ...{ requestId: randomUUID(), intent: 'refund.issue', target: `order-${index}` },
    }));
    const answers = await Promise.all(actions.map((action) => client.post('/v1/decisions', action)));
    asked.push(...answers.map(({ body }) => askedIn(body as never)));
    client.close();
  }
  return asked;
}

const askedIn = ({ approval, actionDigest }: { approval: { id: string }; actionDigest: string }): Asked => ({
  approvalId: approval.id,
  digest: actionDigest.slice('sha256:'.length),
});

const query = `mutation ($input: DecideApprovalInput!) { decideApproval(input: $input) { __typename
  ... on ApprovalDone { approval { state } } ... on AlreadySettled { state settledBy { id name } } ... on Refusal { code } } }`;

/** Each person says the same to both api processes at once. Every third approval somebody denies; who, goes by turns. */
async function answerAll(asked: Asked, index: number, clients: readonly (readonly HttpClient[])[]): Promise<Answer[]> {
  const denier = index % 3 === 0 ? index % PEOPLE : null;
  const answers = people.flatMap(({ memberId }, person) =>
    (clients[person] ?? []).map(async (client): Promise<Answer> => {
      const verdict = person === denier ? 'deny' : 'approve';
      const input = { organizationId: organization, ...asked, verdict };
      const { body, text } = await client.post('/graphql', { query, variables: { input } });
      const told = (body as { data: { decideApproval: Answer['told'] } | null }).data?.decideApproval;
      if (!told) throw new Error(text);
      return { by: memberId, verdict, told };
    }),
  );
  return Promise.all(answers);
}

/** What the ledger says became of one approval. */
function lifeOf({ approvalId }: Asked, ledger: readonly LedgerRow[]) {
  const events = ledger.filter(({ type, payload }) => type !== 'ActionDecided' && payload?.approvalId === approvalId);
  const settled = events.filter(({ type }) => type === 'ApprovalApproved' || type === 'ApprovalDenied');
  const votes = events.filter(({ type }) => type === 'ApprovalVoted').map(({ payload }) => payload as unknown as Vote);
  return { events, settled, votes };
}
interface Vote {
  readonly by: string;
  readonly verdict: string;
}

function expectSettledOnce(asked: Asked, answers: readonly Answer[], ledger: readonly LedgerRow[]): string {
  const { events, settled, votes } = lifeOf(asked, ledger);
  expect(settled, asked.approvalId).toHaveLength(1);
  const [settlement] = settled;
  expect(events.at(-1), 'nothing comes after').toBe(settlement);
  expect(new Set(votes.map(({ by }) => by)).size, 'nobody voted twice').toBe(votes.length);
  const { by, counted = [] } = settlement?.payload as unknown as Settlement;
  const state = settlement?.type === 'ApprovalApproved' ? 'approved' : 'denied';
  if (state === 'approved') expectQuorum(counted, votes);

  for (const answer of answers) {
    const { told } = answer;
    if (told.__typename === 'ApprovalDone') expect(votes.map((vote) => vote.by)).toContain(answer.by);
    else expect(told).toMatchObject({ __typename: 'AlreadySettled', state, settledBy: { id: by } });
  }
  return state;
}
interface Settlement {
  readonly by: string;
  readonly counted?: readonly { readonly members: readonly string[] }[];
}

function expectQuorum(counted: NonNullable<Settlement['counted']>, votes: readonly Vote[]): void {
  const members = counted.flatMap((each) => each.members);
  expect(new Set(members).size).toBe(QUORUM);
  expect(members).toHaveLength(QUORUM);
  for (const member of members)
    expect(votes).toContainEqual(expect.objectContaining({ by: member, verdict: 'approve' }));
}

describe(`${APPROVALS} approvals, each decided at the same moment by ${PEOPLE} people over two api processes`, () => {
  it('I5: each is settled once, no quorum has one person twice, and whoever was late is told who settled it', async () => {
    const asked = await askEverything();
    const clients = people.map(({ token }) => system.apis.map(({ url }) => new HttpClient(url, token, AT_ONCE)));
    const answers = await inParallel(APPROVALS, AT_ONCE, (index) => answerAll(asked[index] as Asked, index, clients));
    for (const client of clients.flat()) client.close();

    const ledger = await recordedLedger(system, organization);
    const states = asked.map((each, index) => expectSettledOnce(each, answers[index] ?? [], ledger));
    const late = answers.flat().filter(({ told }) => told.__typename === 'AlreadySettled').length;
    const denied = states.filter((state) => state === 'denied').length;
    console.log(
      `${APPROVALS} approvals, ${answers.flat().length} answers: ${APPROVALS - denied} approved, ${denied} denied, ${late} told who was first`,
    );
    expect(states).toHaveLength(APPROVALS);
    expect(late).toBeGreaterThan(APPROVALS);
    await expectStateAgrees(system, organization);
  });
});
