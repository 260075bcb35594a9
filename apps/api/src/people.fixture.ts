import { RIGHTS, type OrganizationRole, type Right, type TeamRole } from '@countersign/identity';
import { at, type Operated } from './operator.fixture.ts';

export const PASSWORD = 'correct horse battery staple';
/** What the api takes for the console while nothing else is set. */
const CONSOLE = 'http://localhost:3000';

export interface GraphAnswer {
  readonly status: number;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>> | null;
  /** Codes of what went wrong. */
  readonly codes: readonly string[];
}

export interface GraphCall {
  readonly query: string;
  readonly variables?: object;
}

/** Sends a query as whoever carries the token; as nobody without one. */
export async function graph(
  { url }: Operated,
  token: string | null,
  { query, variables }: GraphCall,
): Promise<GraphAnswer> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, ...(variables && { variables }) }),
  });
  const text = await answer.text();
  const { data = null, errors = [] } = JSON.parse(text) as {
    data?: GraphAnswer['data'];
    errors?: { extensions: { code: string } }[];
  };
  return { status: answer.status, text, data, codes: errors.map(({ extensions: { code } }) => code) };
}

export interface MemberWish {
  readonly name: string;
  readonly role: OrganizationRole;
  readonly teams?: readonly { readonly team: string; readonly role: TeamRole }[];
  /** Of their token; every right when left out. */
  readonly rights?: readonly Right[];
}

export interface Joined {
  readonly email: string;
  readonly memberId: string;
  /** A personal token. */
  readonly token: string;
}

/** Invites somebody, lets them join by the link as anybody would, sign in, and make a token for scripts. */
export async function joins(operated: Operated, organization: string, wish: MemberWish): Promise<Joined> {
  const { name, role, teams = [], rights = RIGHTS } = wish;
  const email = `${name}@example.com`;
  const body = { type: 'InviteMember', email, role, teams };
  const invited = await operated.call('POST', at(organization, '/commands?delivery=link'), { body });
  const token = String(invited.body['link']).split('#token=')[1];
  const accepted = await graph(operated, null, {
    query: `mutation ($token: String!, $name: String, $password: String) {
      acceptInvitation(token: $token, name: $name, password: $password) {
        __typename ... on CommandDone { id position } ... on Refusal { code message } } }`,
    variables: { token, name, password: PASSWORD },
  });
  const joined = accepted.data?.['acceptInvitation'] as { __typename: string } | undefined;
  if (joined?.__typename !== 'CommandDone') throw new Error(`${name} did not join: ${invited.text} ${accepted.text}`);
  const members = await operated.call('GET', at(organization, '/members'));
  const all = members.body['members'] as readonly { id: string; email: string }[];
  const memberId = all.find((member) => member.email === email)?.id ?? '';
  return { email, memberId, token: await tokenOf(operated, email, rights) };
}

/** The cookies of somebody who signed in, and what a page of the console sends besides. */
export async function sessionOf({ url }: Operated, email: string): Promise<Readonly<Record<string, string>>> {
  const headers = { 'content-type': 'application/json', origin: CONSOLE };
  const signedIn = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  if (signedIn.status !== 200) throw new Error(`${email} did not sign in: ${signedIn.status}`);
  return { ...headers, cookie };
}

async function tokenOf(operated: Operated, email: string, rights: readonly Right[]): Promise<string> {
  const headers = await sessionOf(operated, email);
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const issued = await fetch(`${operated.url}/api/tokens`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'walk', rights, expiresAt }),
  });
  const { token } = (await issued.json()) as { token?: string };
  if (token === undefined) throw new Error(`${email} got no token: ${issued.status}`);
  return token;
}
