import { at, type Operated } from './operator.fixture.ts';
import { graph, joins, type GraphAnswer, type Joined, type MemberWish } from './people.fixture.ts';

/** The agent is of the shop; the treasury and legal are asked. */
export const askingPolicy = `apiVersion: countersign/v1
name: asking
allow: ["note.write:*"]
ask:
  - { match: "refund.issue:*", approval: { team: treasury, expiresIn: 2h, permitFor: 30m, escalate: { after: 1h, team: legal } } }
  - { match: "wire.send:*", approval: { team: treasury, quorum: 2, requireReason: approver } }
  - { match: "contract.sign:*", approval: { team: legal } }
budgets:
  - { name: month, scope: team, match: "refund.*:*", unit: usd, window: month, cap: 100 }
`;

/** What is asked of an answer unless a test asks for something else. */
const ANSWER = `__typename
  ... on ApprovalDone { position grantId questionId approval { id state digest settledBy { id } claimedBy { id } } }
  ... on AlreadySettled { code message state settledBy { id name } }
  ... on Refusal { code message }`;
const PLAIN = `__typename ... on CommandDone { position } ... on Refusal { code message }`;
const SEVERAL = `__typename ... on ApprovalsDecided { results { approvalId outcome { ${ANSWER} } } } ... on Refusal { code message }`;

const inputs: Readonly<Record<string, readonly [type: string, answer: string]>> = {
  decideApproval: ['DecideApprovalInput', ANSWER],
  decideApprovals: ['DecideApprovalsInput', SEVERAL],
  retractVote: ['ApprovalInput', ANSWER],
  claimApproval: ['ApprovalInput', ANSWER],
  unclaimApproval: ['ApprovalInput', ANSWER],
  commentOnApproval: ['CommentOnApprovalInput', ANSWER],
  askAgent: ['AskAgentInput', ANSWER],
  editApproval: ['EditApprovalInput', ANSWER],
  withdrawApproval: ['WithdrawApprovalInput', ANSWER],
  revokeGrant: ['RevokeGrantInput', PLAIN],
};

export const operations = Object.keys(inputs);

export interface Told {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly state?: string;
  readonly position?: number | null;
  readonly grantId?: string | null;
  readonly questionId?: string | null;
  readonly settledBy?: { readonly id: string; readonly name: string | null } | null;
  readonly approval?: { readonly id: string; readonly state: string; readonly digest: string };
  readonly results?: readonly { readonly approvalId: string; readonly outcome: Told }[];
}

export interface AskedDecision {
  readonly id: string;
  readonly approvalId: string;
  readonly digest: string;
}

/** One mutation as somebody sends it, unread. */
export function sendMutation(
  operated: Operated,
  token: string | null,
  name: string,
  input: unknown,
): Promise<GraphAnswer> {
  const [type = '', answer = ''] = inputs[name] ?? [];
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} } }`;
  return graph(operated, token, { query, variables: { input } });
}

/** An organization with an agent that asks, and whoever a test needs in it. */
export async function openAsking(operated: Operated, organization: string, document = askingPolicy) {
  const run = async (body: object) => (await operated.command(organization, body)).body;
  await operated.call('POST', '/operator/organizations', { body: { name: organization } });
  for (const name of ['shop', 'treasury', 'legal']) await run({ type: 'CreateTeam', name });
  await run({ type: 'RegisterAgent', name: 'clerk', team: 'shop', profile: { purpose: 'refunds', riskClass: 'high' } });
  const { key } = await run({ type: 'IssueAgentKey', agent: 'clerk' });
  await run({ type: 'PublishPolicy', document });
  await run({ type: 'AttachPolicy', name: 'asking', layer: 'agent', point: 'clerk' });
  const { body } = await operated.call('GET', at(organization));
  const organizationId = String(body['id']);
  return { ...peopleOf(operated, organization, organizationId), ...agentOf(operated, String(key)), run };
}

export type Asking = Awaited<ReturnType<typeof openAsking>>;

function peopleOf(operated: Operated, organization: string, organizationId: string) {
  const person = (name: string, wish: Partial<MemberWish> = {}) =>
    joins(operated, organization, { name: `${name}-${organization}`, role: 'member', ...wish });
  const of = (team: string, role: 'lead' | 'approver' | 'none' = 'approver') => ({ teams: [{ team, role }] });
  /** The answer to a mutation, which has to be one. */
  const tell = async ({ token }: Pick<Joined, 'token'>, name: string, input: object): Promise<Told> => {
    const answer = await sendMutation(operated, token, name, { organizationId, ...input });
    const told = answer.data?.[name] as Told | undefined;
    if (!told) throw new Error(`${name}: ${answer.text}`);
    return told;
  };
  const look = async <Found = Readonly<Record<string, never>>>({ token }: Pick<Joined, 'token'>, fields: string) => {
    const query = `query ($o: ID!) { organization(id: $o) { ${fields} } }`;
    const answer = await graph(operated, token, { query, variables: { o: organizationId } });
    if (answer.codes.length > 0) throw new Error(answer.text);
    return answer.data?.['organization'] as Found;
  };
  return { organizationId, person, of, tell, look };
}

function agentOf(operated: Operated, key: string) {
  const ask = async (action: object): Promise<AskedDecision> => {
    const { body, text } = await operated.ask(key, action);
    if (body['verdict'] !== 'ask') throw new Error(`was not asked: ${text}`);
    const { id } = body['approval'] as { id: string };
    return { id: String(body['id']), approvalId: id, digest: String(body['actionDigest']).slice('sha256:'.length) };
  };
  const view = async ({ id }: Pick<AskedDecision, 'id'>) =>
    (await operated.call('GET', `/v1/decisions/${id}`, { as: key })).body;
  const take = (asked: Pick<AskedDecision, 'id'>, action: object, takeId = 'once') =>
    operated.call('POST', `/v1/decisions/${asked.id}/take`, {
      as: key,
      body: { takeId, action: { requestId: 'taken', ...action } },
    });
  const answerQuestion = (asked: Pick<AskedDecision, 'id'>, questionId: string, text: string) =>
    operated.call('POST', `/v1/decisions/${asked.id}/answers`, { as: key, body: { questionId, text } });
  return { key, ask, view, take, answerQuestion };
}

/** Approves exactly what was asked. */
export const approving = ({ approvalId, digest }: AskedDecision, more: object = {}) => ({
  approvalId,
  digest,
  verdict: 'approve',
  ...more,
});

export const denying = (asked: AskedDecision, more: object = {}) => ({ ...approving(asked, more), verdict: 'deny' });
