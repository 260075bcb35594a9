import { gzipSync } from 'node:zlib';
import {
  arrangeAgent,
  arrangeOrganization,
  HttpClient,
  startSystem,
  type HttpAnswer,
  type System,
} from '@countersign/harness';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionAnswer } from '../support/caller.ts';
import { allowAll } from '../support/policies.ts';
import { recordedLedger } from '../support/recorded-ledger.ts';
import { sendBytes } from '../support/raw-socket.ts';
import { agentEndpoints, type Endpoint } from './agent-endpoints.ts';
import type { BadCase } from './wire-cases.ts';

let system: System;
let organization: string;
let client: HttpClient;
let decisionId: string;

beforeAll(async () => {
  system = await startSystem();
  organization = await arrangeOrganization(system.operator, ['shop']);
  const { key } = await arrangeAgent(system.operator, organization, { team: 'shop', policy: allowAll });
  client = new HttpClient(system.apis[0]?.url ?? '', key);
  decisionId = ((await ask()).body as DecisionAnswer).id;
});
afterAll(async () => {
  client.close();
  await system.stop();
});

const ask = () =>
  client.post('/v1/decisions', { requestId: crypto.randomUUID(), intent: 'shop.buy', cost: { usd: '1' } });
const taking = { takeId: 't-1', action: { requestId: 'r-1', intent: 'shop.buy' } };
const answering = { questionId: `qst_${'0'.repeat(32)}`, text: 'yes' };
const eventsNow = async () => (await recordedLedger(system, organization)).length;

interface WireProblem {
  readonly type?: string;
  readonly status?: number;
  readonly code?: string;
  readonly errors?: readonly { readonly field: string; readonly code: string; readonly message: string }[];
}

/** What is wrong with how a request was refused; empty when nothing is. */
function complaints(answer: HttpAnswer, { field }: BadCase, listed: Endpoint['listed']): string[] {
  const problem = problemIn(answer, listed);
  return [
    statusComplaint(problem.status ?? answer.status),
    listed === undefined ? mediaTypeComplaint(answer) : null,
    codesComplaint(problem),
    field === null ? null : fieldComplaint(problem, field),
  ].filter((complaint) => complaint !== null);
}

/** The refusal itself, or the one that a batch lists; a problem that says nothing when there is none. */
function problemIn(answer: HttpAnswer, listed: Endpoint['listed']): WireProblem {
  const problem = (listed === undefined ? answer.body : listedProblem(answer, listed)) as WireProblem | undefined;
  return problem ?? {};
}

const statusComplaint = (status: number) => (status >= 400 && status < 500 ? null : `status ${status}`);

function mediaTypeComplaint({ headers }: HttpAnswer): string | null {
  const mediaType = String(headers['content-type']);
  return mediaType.startsWith('application/problem+json') ? null : `content type ${mediaType}`;
}

function codesComplaint({ code, errors = [] }: WireProblem): string | null {
  const codes = [code, ...errors.map((each) => each.code)];
  return codes.every((each) => /^[a-z_]+\.[a-z_]+$/.test(each ?? '')) ? null : `codes ${codes.join()}`;
}

function fieldComplaint({ errors = [] }: WireProblem, field: string): string | null {
  const named = errors.map((each) => each.field);
  return named.some((name) => names(name, field)) ? null : `named ${named.join() || 'no field'}, not ${field}`;
}

/** The field itself or something inside it: `cost.usd` is right for `cost`, and `tags[0]` for `tags`. */
const names = (name: string, field: string) =>
  name === field || name.startsWith(`${field}.`) || name.startsWith(`${field}[`);

function listedProblem({ body }: HttpAnswer, listed: 'decisions' | 'results'): unknown {
  const [entry] = (body as Record<string, readonly { ok: boolean; problem?: unknown }[]>)[listed] ?? [];
  return entry?.problem;
}

async function tryAll({ path, cases, listed }: Endpoint): Promise<string[]> {
  const found: string[] = [];
  for (const one of cases) {
    const answer = await client.send({ method: 'POST', path, body: one.body }).catch((error: Error) => error);
    if (answer instanceof Error) found.push(`${one.title}: no answer, ${answer.message}`);
    else
      found.push(
        ...complaints(answer, one, listed).map(
          (complaint) => `${one.title}: ${complaint} ${answer.text.slice(0, 200)}`,
        ),
      );
  }
  return found;
}

describe('bad input', () => {
  it('is refused with a permanent code that names the field, and leaves no trace in the ledger', async () => {
    const before = await eventsNow();
    const found: string[] = [];
    let tried = 0;
    for (const endpoint of agentEndpoints(decisionId)) {
      found.push(...(await tryAll(endpoint)).map((complaint) => `${endpoint.title}: ${complaint}`));
      tried += endpoint.cases.length;
    }
    console.log(`bad input: ${tried} requests, ${found.length} refused in the wrong way`);
    expect(found).toEqual([]);
    expect(await eventsNow()).toBe(before);
  });

  it('of hostile ids is answered as an id that does not exist', async () => {
    const hostile = [
      '..%2f..%2fetc',
      'dec_%00',
      `dec_${'0'.repeat(32)}`,
      '%0d%0aset-cookie:x',
      'x'.repeat(150),
      "dec_' or 1=1",
      '%F0%9F%92%A9',
    ];
    for (const id of hostile) {
      const answers = [
        await client.get(`/v1/decisions/${encodeURI(id)}`),
        await client.post(`/v1/decisions/${encodeURI(id)}/outcome`, { status: 'success' }),
        await client.post(`/v1/decisions/${encodeURI(id)}/take`, taking),
        await client.post(`/v1/decisions/${encodeURI(id)}/answers`, answering),
        await client.post(`/v1/decisions/${encodeURI(id)}/cancel`, {}),
      ];
      for (const answer of answers)
        expect(answer, id).toMatchObject({ status: 404, body: { code: 'decision.not_found' } });
    }
  });

  it('of another content type, method, wait or credential is refused as such', async () => {
    const bare = new HttpClient(system.apis[0]?.url ?? '', null);
    const text = await client.send({
      method: 'POST',
      path: '/v1/decisions',
      body: 'requestId=1',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(text.status).toBe(415);
    for (const wait of ['-1', '61', '1.5', 'long', '1e1'])
      expect((await client.get(`/v1/decisions/${decisionId}?wait=${wait}`)).status, wait).toBe(400);
    for (const header of [
      '',
      'Bearer',
      'Bearer csk_',
      `Bearer csk_${'x'.repeat(10_000)}`,
      'Basic YTpi',
      "Bearer ' or 1=1",
    ]) {
      const answer = await bare.send({
        method: 'POST',
        path: '/v1/decisions',
        body: '{}',
        headers: header === '' ? {} : { authorization: header },
      });
      expect([401, 431], header).toContain(answer.status);
    }
    bare.close();
  });

  it('that is no request, or none that HTTP allows, is refused as problem+json', async () => {
    const bytes = [
      [431, 'request.headers_too_large', `GET /health HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`],
      [400, 'request.invalid', 'no request at all\r\n\r\n'],
      [400, 'request.invalid', 'BREW /health HTTP/1.1\r\nhost: x\r\n\r\n'],
      [400, 'request.invalid', 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n'],
      [400, 'request.invalid', 'GET /%zz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'],
      [
        400,
        'request.invalid',
        'POST /v1/decisions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
      ],
      [404, 'request.no_such_route', 'GET / HTTP/1.1\r\nhost: x\r\nexpect: magic\r\nconnection: close\r\n\r\n'],
    ] as const;
    for (const [status, code, sent] of bytes) {
      const answer = await sendBytes(system.apis[0]?.port ?? 0, sent);
      expect(answer, sent.slice(0, 40)).toMatchObject({
        status,
        mediaType: 'application/problem+json',
        body: { code },
      });
    }
  });

  it('in an encoding, a framing or bytes that we do not read is refused instead of being read as something else', async () => {
    const text = JSON.stringify({ requestId: crypto.randomUUID(), intent: 'shop.buy', target: 'a' });
    const before = await eventsNow();
    const sends = [
      [415, 'request.unsupported_media_type', { 'content-encoding': 'gzip' }, gzipSync(text)],
      [415, 'request.unsupported_media_type', { 'content-encoding': 'gzip' }, text],
      [415, 'request.unsupported_media_type', { 'content-encoding': 'x-magic' }, text],
      [400, 'request.invalid', {}, Buffer.from(text.replace('"a"', '"é"'), 'latin1')],
    ] as const;
    for (const [status, code, headers, body] of sends) {
      const answer = await client.send({ method: 'POST', path: '/v1/decisions', body, headers });
      expect(answer, JSON.stringify(headers)).toMatchObject({ status, body: { code } });
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    }
    const framed = 'POST /v1/decisions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n';
    expect(await sendBytes(system.apis[0]?.port ?? 0, framed)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'transfer-encoding' }] },
    });
    expect(await eventsNow()).toBe(before);
    const plain = { 'content-encoding': 'identity' };
    const answer = await client.send({ method: 'POST', path: '/v1/decisions', body: text, headers: plain });
    expect(answer.body).toMatchObject({ verdict: 'allow' });
  });

  it('never takes the process down', async () => {
    expect(system.apis[0]?.isRunning()).toBe(true);
    expect((await ask()).body).toMatchObject({ verdict: 'allow' });
    expect(system.apis[0]?.log()).not.toMatch(/csk_[A-Za-z0-9_-]{20}/);
  });
});
