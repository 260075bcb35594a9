import { HttpClient, type HttpAnswer, type System } from '@countersign/harness';
import { z } from 'zod';

const CONSOLE_URL = 'http://localhost:3000';
const PASSWORD = 'correct horse battery staple';

/** A person of one team who answers approvals by a personal token, over GraphQL. */
export interface Approver {
  /** Approves exactly what was asked; answers what became of the approval. */
  approve(asked: AskedAnswer): Promise<string>;
  close(): void;
}

/** What an approver has to know of a decision. */
export interface AskedAnswer {
  readonly actionDigest: string;
  readonly approval: { readonly id: string };
}

const Invited = z.object({ link: z.string() });
const Issued = z.object({ token: z.string() });
const Joined = z.object({ data: z.object({ acceptInvitation: z.object({ __typename: z.literal('CommandDone') }) }) });
const Decided = z.object({
  data: z.object({
    decideApproval: z.object({ approval: z.object({ state: z.string() }).optional(), code: z.string().optional() }),
  }),
});

/** Invites somebody as an approver of a team, and lets them join, sign in and make a token, as anybody would. */
export async function arrangeApprover(
  { operator }: System,
  organization: string,
  { name, team, url }: { readonly name: string; readonly team: string; readonly url: string },
): Promise<Approver> {
  const email = `${name}-${crypto.randomUUID().slice(0, 8)}@example.com`;
  const wish = { type: 'InviteMember', email, role: 'member', teams: [{ team, role: 'approver' }] };
  const invited = await operator.post(`/operator/organizations/${organization}/commands?delivery=link`, wish);
  const token = Invited.parse(invited).link.split('#token=')[1];
  const nobody = new HttpClient(url, null, 1);
  try {
    const query =
      'mutation ($t: String!, $n: String, $p: String) { acceptInvitation(token: $t, name: $n, password: $p) { __typename } }';
    const variables = { t: token, n: name, p: PASSWORD };
    Joined.parse((await nobody.post('/graphql', { query, variables })).body);
    return approverOf(url, await tokenOf(nobody, email), organization);
  } finally {
    nobody.close();
  }
}

async function tokenOf(client: HttpClient, email: string): Promise<string> {
  const send = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    client.send({
      method: 'POST',
      path,
      body: JSON.stringify(body),
      headers: { origin: CONSOLE_URL, ...headers },
    });
  const signedIn = await send('/api/auth/sign-in/email', { email, password: PASSWORD });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const wish = { name: 'approvals', rights: ['approvals:decide'], expiresAt };
  return Issued.parse((await send('/api/tokens', wish, { cookie: cookiesOf(signedIn) })).body).token;
}

const cookiesOf = ({ headers }: HttpAnswer) =>
  [headers['set-cookie'] ?? []]
    .flat()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

function approverOf(url: string, token: string, organizationId: string): Approver {
  const client = new HttpClient(url, token, 8);
  const query = `mutation ($input: DecideApprovalInput!) { decideApproval(input: $input) {
    ... on ApprovalDone { approval { state } } ... on AlreadySettled { code } ... on Refusal { code } } }`;
  return {
    approve: async ({ actionDigest, approval }) => {
      const digest = actionDigest.slice('sha256:'.length);
      const input = { organizationId, approvalId: approval.id, digest, verdict: 'approve' };
      const { body, text } = await client.post('/graphql', { query, variables: { input } });
      const read = Decided.safeParse(body);
      if (!read.success) throw new Error(`nothing was decided: ${text}`);
      const { approval: decided, code } = read.data.data.decideApproval;
      return decided?.state ?? code ?? '';
    },
    close: () => client.close(),
  };
}
