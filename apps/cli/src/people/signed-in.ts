import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { NOTICE_KINDS } from '@countersign/channels';
import { CommandFailed } from '../command-failed.ts';
import { done, graph, OF_APPROVAL, OF_COMMAND, send } from './graph.ts';

/** What somebody signs in with. */
export interface Credential {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

const Seen = z.object({
  organization: z.object({
    // Whoever may not see it yet is told that there is none.
    approval: z
      .object({
        digest: z.string(),
        canDecide: z.boolean(),
        requirements: z.array(
          z.object({
            team: z.string(),
            teams: z.array(z.string()),
            quorum: z.number(),
            escalatesTo: z.string().nullable(),
          }),
        ),
      })
      .nullable(),
  }),
});
const Membership = z.object({ organization: z.object({ name: z.string() }).nullable() });

/** How an approver answers. */
export interface Verdict {
  readonly verdict: 'approve' | 'deny';
  readonly reason?: string;
  readonly feedback?: string;
  readonly grant?: { readonly pattern: string; readonly when: string; readonly uses: number };
}

/** What an approver finds out before answering. */
export type Asking = NonNullable<z.infer<typeof Seen>['organization']['approval']>;

/** A person at work: over GraphQL, with the session that a browser would have. */
export interface SignedIn {
  readonly name: string;
  isMember(): Promise<boolean>;
  look(approvalId: string): Promise<Asking>;
  /** Waits until it has come to this person's team. @throws CommandFailed when it does not in half a minute */
  awaitTurn(approvalId: string): Promise<void>;
  /** Gives back what the approval has come to. @throws PersonRefused, also when somebody else was first */
  answer(approvalId: string, verdict: Verdict): Promise<string>;
  /** Gives back how to lift it. */
  stopAgent(agent: string, reason: string): Promise<() => Promise<void>>;
  /** Nothing is mailed to this person from now on. */
  muteNotices(): Promise<void>;
}

/** @throws CommandFailed when the link or the password is not taken */
export async function joinByLink(url: string, link: string, { name, password }: Credential): Promise<void> {
  const token = link.split('#token=')[1] ?? '';
  const query = `mutation ($token: String!, $name: String, $password: String) {
    payload: acceptInvitation(token: $token, name: $name, password: $password) { ${OF_COMMAND} } }`;
  done(await graph(url, {}, query, { token, name, password }));
}

/** @throws CommandFailed when the password is not taken */
export async function signIn(
  url: string,
  { name, email, password }: Credential,
  organizationId: string,
): Promise<SignedIn> {
  const { status, text, cookies } = await send(`${url}/api/auth/sign-in/email`, {}, { email, password });
  if (status !== 200) throw new CommandFailed(`${email} could not sign in: ${status} ${text.slice(0, 500)}`);
  const cookie = cookies.map((each) => each.split(';')[0]).join('; ');
  const headers = { cookie, origin: new URL(url).origin };
  const ask = (query: string, variables: object) => graph(url, headers, query, { o: organizationId, ...variables });
  return signedIn(name, ask, organizationId);
}

type AskGraph = (query: string, variables: object) => Promise<Readonly<Record<string, unknown>>>;

function signedIn(name: string, ask: AskGraph, organizationId: string): SignedIn {
  const find = async (approvalId: string) => {
    const query = `query ($o: ID!, $a: ID!) { organization(id: $o) { approval(id: $a) {
      digest canDecide requirements { team teams quorum escalatesTo } } } }`;
    return Seen.parse(await ask(query, { a: approvalId })).organization.approval;
  };
  const look = async (approvalId: string) => {
    const found = await find(approvalId);
    if (!found) throw new CommandFailed(`${name} cannot see ${approvalId}`);
    return found;
  };
  const tell = async (mutation: string, type: string, input: object) => {
    const query = `mutation ($input: ${type}!) { payload: ${mutation}(input: $input) { ${mutation === 'decideApproval' ? OF_APPROVAL : OF_COMMAND} } }`;
    return done(await ask(query, { o: undefined, input: { organizationId, ...input } }));
  };
  return {
    name,
    look,
    awaitTurn: (approvalId) => awaitTurn(name, () => find(approvalId)),
    isMember: async () =>
      Membership.parse(await ask('query ($o: ID!) { organization(id: $o) { name } }', {})).organization !== null,
    answer: async (approvalId, verdict) => {
      const { digest } = await look(approvalId);
      const { state } = await tell('decideApproval', 'DecideApprovalInput', { approvalId, digest, ...verdict });
      return state ?? '';
    },
    stopAgent: async (agent, reason) => {
      const { id: stopId } = await tell('placeStop', 'PlaceStopInput', { scope: { kind: 'agent', agent }, reason });
      return async () => void (await tell('liftStop', 'LiftStopInput', { stopId }));
    },
    muteNotices: async () => void (await tell('chooseNotices', 'ChooseNoticesInput', { on: [], off: NOTICE_KINDS })),
  };
}

const LOOKS_MAX = 120;

async function awaitTurn(name: string, look: () => Promise<Asking | null>): Promise<void> {
  for (let count = 0; count < LOOKS_MAX; count += 1) {
    if ((await look())?.canDecide) return;
    await pause(250);
  }
  throw new CommandFailed(`what waits for people never came to ${name}`);
}
