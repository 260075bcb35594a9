import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Action } from './wire.ts';

/** What the fake answers: a status and a body (text as it is, anything else as JSON), or silence. */
export type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | 'silence'
  | 'hang up'
  | 'break off';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: {
    readonly actions: Action[];
    readonly outcomes: { decisionId: string; status: string }[];
    readonly takeId?: string;
    readonly action?: Action;
    readonly questionId?: string;
    readonly text?: string;
  };
  readonly text: string;
}

export type Handler = (received: Received, count: number) => Reply | Promise<Reply>;

let serial = 0;
export const decisionId = () => `dec_${(serial += 1).toString(16).padStart(32, '0')}`;

export const allowed = (changes: Readonly<Record<string, unknown>> = {}) => ({
  id: decisionId(),
  verdict: 'allow',
  state: 'decided',
  next: 'act',
  repeat: false,
  reasons: [
    { code: 'policy.rule', policy: 'support-agent', version: 3, rule: 'refund.issue:*', message: 'small refund' },
  ],
  approval: null,
  hold: { expiresAt: '2026-11-20T09:15:00.000Z' },
  validUntil: '2026-11-20T09:15:00.000Z',
  retryAt: null,
  shadow: [],
  budgets: [],
  actionDigest: 'sha256:00',
  position: 7,
  decidedAt: '2026-11-20T09:00:00.000Z',
  ...changes,
});

const idle = { hold: null, validUntil: null };
export const blocked = (changes = {}) => allowed({ ...idle, verdict: 'block', next: 'stop', ...changes });
export const approval = (changes: Readonly<Record<string, unknown>> = {}) => ({
  id: `apr_${'1'.repeat(32)}`,
  team: 'treasury',
  quorum: 2,
  state: 'pending',
  expiresAt: '2100-01-01T00:00:00.000Z',
  questions: [],
  feedback: null,
  permitExpiresAt: null,
  edited: false,
  ...changes,
});
export const asked = (state = 'pending', next = 'wait', changes = {}) =>
  allowed({
    ...{ ...idle, verdict: 'ask', state, next, approval: approval({ state }) },
    ...(state === 'taken' && { takenAt: '2026-11-20T09:10:00.000Z' }),
    ...changes,
  });

export const decisions = (decide: (action: Action) => unknown): Handler => {
  return ({ path, body }) => {
    if (path === '/v1/outcomes/batch') return taken(body.outcomes);
    return { body: { decisions: body.actions.map((action) => ({ ok: true, decision: decide(action) })) } };
  };
};

export const taken = (outcomes: Received['body']['outcomes']): Reply => ({
  body: {
    results: outcomes.map(({ decisionId: id, status }) => ({
      ok: true,
      outcome: { decisionId: id, status, settled: { usd: '0.4' }, unreported: false, position: 8, repeat: false },
    })),
  },
});

export const problem = (status: number, code: string, more = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: { type: `urn:countersign:${code}`, title: code, status, detail: `told: ${code}`, code, ...more },
});

/** A real HTTP server on a free port, whose handler a test replaces as it goes. */
export async function startFakeApi() {
  const received: Received[] = [];
  const api = { url: '', received, handler: decisions(() => allowed()), close: async () => {} };
  const server = createServer((request, response) => {
    void respond(request, response, async (one) => {
      received.push(one);
      return api.handler(one, received.length);
    });
  });
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  api.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    ...api,
    on: (handler: Handler) => (api.handler = handler),
    reset: () => void received.splice(0),
    connections: () => connections,
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, handle: (one: Received) => Promise<Reply>) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const { method = '', url: path = '', headers } = request;
  const body = JSON.parse(text || '{}') as Received['body'];
  send(request, response, await handle({ method, path, authorization: headers.authorization, text, body }));
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply) {
  if (reply === 'silence') return;
  if (reply === 'hang up') return void request.socket.destroy();
  if (reply === 'break off') return breakOff(response);
  const { status = 200, headers, body } = reply;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body));
}

/** Promises more than it sends. */
function breakOff(response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '900' });
  response.write('{"decisions":[{"ok":true,', () => response.destroy());
}
