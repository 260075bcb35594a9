import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig } from '@countersign/config';
import { PrismaOperatorTokens } from '@countersign/operator-server';
import { openIdentityDatabase } from '@countersign/prisma';
import { openDatabase } from '@countersign/testing';
import { ApiConfig } from './config.ts';
import { serve } from './serve.ts';

/** A field of whatever shape: each test says what it expects of one. */
type Body = Readonly<Record<string, unknown>> & { readonly code: string; readonly detail: string };

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly body: Body;
}

export const at = (organization: string, route = '') => `/operator/organizations/${organization}${route}`;

export const policy = `apiVersion: countersign/v1
name: buyer
default: block
allow: ["shop.buy:*", "llm.chat:*"]
ask: [{ match: "refund.issue:*", approval: { team: treasury } }]
limits: { ai_daily_usd: 1 }
`;

/** The api in this process, on a database of its own, with an operator's token. */
export async function openOperator(more: Readonly<Record<string, string>> = {}) {
  const database = await openDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), 'countersign-'));
  const identity = openIdentityDatabase(database.appUrl, { connections: 1 });
  const tokens = new PrismaOperatorTokens(identity);
  const { token } = await tokens.issue('ada');
  const settings = { DATABASE_URL: database.appUrl, API_PORT: '0', COUNTERSIGN_DATA_DIR: folder };
  const api = await serve(readConfig('api', ApiConfig, { ...settings, COUNTERSIGN_HOST: 'ledger.example', ...more }));
  const close = async () => {
    await api.close();
    await identity.$disconnect();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  return { database, tokens, token, close, url: api.url, routes: api.routes, ...callsOf(api.url, token) };
}

export type Operated = Awaited<ReturnType<typeof openOperator>>;

interface RequestWish {
  /** The credential; empty for none. */
  readonly as?: string;
  /** A text is sent as it is. */
  readonly body?: unknown;
}

function requestOf({ as, body }: RequestWish): RequestInit {
  const headers = { ...(as && { authorization: `Bearer ${as}` }) };
  if (body === undefined) return { headers };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { headers: { ...headers, 'content-type': 'application/json' }, body: text };
}

async function answerOf(answer: Response): Promise<Answer> {
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  const isJson = /^application\/(problem\+)?json/.test(type);
  return { status: answer.status, type, text, body: (isJson ? JSON.parse(text) : {}) as Body };
}

function callsOf(url: string, token: string) {
  const call = async (method: string, route: string, request: RequestWish = {}): Promise<Answer> =>
    answerOf(await fetch(`${url}${route}`, { method, ...requestOf({ as: token, ...request }) }));
  const command = (organization: string, body: object) => call('POST', at(organization, '/commands'), { body });
  const ask = (key: string, action: object) =>
    call('POST', '/v1/decisions', { as: key, body: { requestId: randomUUID(), ...action } });

  /** An organization with a team, an agent that has a key, and a policy in force. */
  const openOrganization = async (name: string) => {
    await call('POST', '/operator/organizations', { body: { name } });
    await command(name, { type: 'CreateTeam', name: 'treasury' });
    await command(name, { type: 'RegisterAgent', name: 'buyer', team: 'treasury', profile: { deputy: 'ada' } });
    const { body } = await command(name, { type: 'IssueAgentKey', agent: 'buyer' });
    await command(name, { type: 'PublishPolicy', document: policy });
    await command(name, { type: 'AttachPolicy', name: 'buyer', layer: 'agent', point: 'buyer' });
    return { name, key: body['key'] as string };
  };
  return { call, command, ask, openOrganization };
}
