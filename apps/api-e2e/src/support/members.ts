import type { HttpAnswer, System } from '@countersign/harness';
import { Browser } from '../people/browser.ts';

const RIGHTS = ['teams:read', 'args:read', 'approvals:decide'];
const PASSWORD = 'correct horse battery staple';

export interface MemberWish {
  readonly name: string;
  readonly role: string;
  readonly teams?: readonly { readonly team: string; readonly role: string }[];
}

/** Somebody who joined, and a token with which they read and decide. */
export interface JoinedMember {
  readonly memberId: string;
  readonly token: string;
}

/** Invites somebody and lets them join by the link, sign in, and make a token, as anybody would. */
export async function joinOrganization(
  { apis: [api], operator }: System,
  organization: string,
  { name, role, teams = [] }: MemberWish,
): Promise<JoinedMember> {
  const email = `${name}-${crypto.randomUUID().slice(0, 8)}@example.com`;
  const invitation = { type: 'InviteMember', email, role, teams };
  const invited = await operator.post(`/operator/organizations/${organization}/commands?delivery=link`, invitation);
  const token = (invited as { link: string }).link.split('#token=')[1];
  const browser = new Browser(api?.url ?? '', '203.0.113.7');
  try {
    const query = `mutation ($token: String!, $name: String, $password: String) {
      acceptInvitation(token: $token, name: $name, password: $password) { __typename } }`;
    await browser.post('/graphql', { query, variables: { token, name, password: PASSWORD } });
    await browser.post('/api/auth/sign-in/email', { email, password: PASSWORD });
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const issued = await browser.post('/api/tokens', { name: 'e2e', rights: RIGHTS, expiresAt });
    return { memberId: await memberIdOf(browser, organization), token: tokenIn(issued) };
  } finally {
    browser.close();
  }
}

function tokenIn({ body, text }: HttpAnswer): string {
  const { token } = body as { token?: string };
  if (token === undefined) throw new Error(`no token was issued: ${text}`);
  return token;
}

async function memberIdOf(browser: Browser, organization: string): Promise<string> {
  const query = 'query ($o: ID!) { organization(id: $o) { viewer { id } } }';
  const { body } = await browser.post('/graphql', { query, variables: { o: organization } });
  return (body as { data: { organization: { viewer: { id: string } } } }).data.organization.viewer.id;
}
