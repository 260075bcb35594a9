/** One refund on its way: asked, waiting for people, allowed, extended, reported. A spec holds each against its schema. */

const decisionId = 'dec_0198c5d27a4e7c3f9b1d2e3f4a5b6c7d';
const requestId = '5f0c7d52-6f0e-4a8e-9a53-0f1f6a3c2b11';
const agentId = 'agt_0198c5d1000070008000000000000001';
const teamId = 'team_0198c5d1000070008000000000000002';
const keyId = 'key_0198c5d1000070008000000000000003';
const organizationId = '0198c5d0-0000-7000-8000-000000000001';
const hash = 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=';

const action = {
  requestId,
  intent: 'refund.issue',
  target: 'order-1009',
  args: { amount: 120 },
  cost: { usd: '0.42' },
  run: 'run-42',
  user: 'customer-123',
  tags: ['refunds'],
  reason: 'customer reported a broken item',
};

const reason = {
  code: 'policy.rule',
  policy: 'support-agent',
  version: 3,
  layer: 'agent',
  rule: 'refund.issue:*',
  line: 14,
  message: 'allowed by `refund.issue:*`',
  effect: 'allow',
};

const budget = {
  name: 'agent-day',
  scope: 'agent',
  window: 'day',
  unit: 'usd',
  verdict: 'fits',
  cap: '10',
  spent: '2.4',
  held: '0',
  asked: '0.42',
  remaining: '7.6',
  resetsAt: '2026-11-21T00:00:00.000Z',
};

const decision = {
  id: decisionId,
  requestId,
  verdict: 'allow',
  state: 'decided',
  next: 'act',
  repeat: false,
  reasons: [reason],
  approval: null,
  hold: { usd: '0.42', expiresAt: '2026-11-20T12:15:00.000Z' },
  validUntil: '2026-11-20T12:15:00.000Z',
  retryAt: null,
  shadow: [],
  budgets: [budget],
  actionDigest: `sha256:${hash}`,
  position: 1234,
  decidedAt: '2026-11-20T12:00:00.000Z',
};

const { requestId: _, ...recordedAction } = action;

/** An ask whose permit was just taken. */
const taken = {
  ...decision,
  verdict: 'ask',
  state: 'taken',
  reasons: [{ ...reason, message: 'asked by `refund.issue:*`', effect: 'ask' }],
  approval: {
    id: 'apr_0198c5d27a4e7c3f9b1d2e3f4a5b6c7d',
    team: 'treasury',
    quorum: 1,
    state: 'taken',
    expiresAt: '2026-11-21T12:00:00.000Z',
    questions: [{ id: 'qst_0198c5d27a4e7c3f9b1d2e3f4a5b6c7d', text: 'Is it the first refund?', answer: 'yes' }],
    feedback: null,
    permitExpiresAt: '2026-11-20T13:00:00.000Z',
    edited: false,
  },
  action: recordedAction,
  takenAt: '2026-11-20T12:10:00.000Z',
};

const report = { status: 'success', cost: { usd: '0.40' }, durationMs: 812, result: { refundId: 'rf-77' } };
const outcome = {
  decisionId,
  status: 'success',
  settled: { usd: '0.4' },
  unreported: false,
  late: false,
  position: 1240,
  repeat: false,
};

const problem = {
  type: 'https://countersign.dev/problems/decision.not_found',
  status: 404,
  code: 'decision.not_found',
  title: 'Not found',
  detail: 'there is no such decision of this agent',
};

export const checkpointNote = `countersign.local/${organizationId}
1241
${hash}

— countersign.local/${organizationId} AAAAAAA=
`;

const event = {
  position: 1234,
  id: '0198c5d2-7a4e-7c3f-9b1d-2e3f4a5b6c7e',
  stream: `decision-${decisionId}`,
  streamVersion: 1,
  type: 'ActionDecided',
  schemaVersion: 1,
  actor: { kind: 'agent', id: agentId, method: 'agent-key', credential: keyId },
  recordedAt: 1_795_176_000_000,
  commitment: hash,
  leaf: hash,
  salt: hash,
  payload: '{"decisionId":"…"}',
};

export const vkey = `countersign.local/${organizationId}+1a2b3c4d+${hash}`;

/** By the schema each is of. */
export const examples = {
  Action: action,
  ActionBatch: { actions: [action] },
  OutcomeReport: report,
  OutcomeBatch: { outcomes: [{ decisionId, ...report }] },
  Extension: { extensionId: 'more-time', cost: { usd: '0.10' }, holdFor: '15m' },
  Take: { takeId: '7d1f2c0b-3b5e-4b0f-8d64-9f0a2f1f5b77', action },
  Answer: { questionId: 'qst_0198c5d27a4e7c3f9b1d2e3f4a5b6c7d', text: 'yes' },
  Nothing: {},
  Decision: decision,
  DecisionDetail: taken,
  DecisionBatch: {
    decisions: [
      { ok: true, decision },
      { ok: false, problem },
    ],
  },
  Outcome: outcome,
  OutcomeResults: {
    results: [
      { ok: true, outcome },
      { ok: false, problem },
    ],
  },
  ExtensionAnswer: {
    decisionId,
    verdict: 'allow',
    reasons: [reason],
    expiresAt: '2026-11-20T12:30:00.000Z',
    retryAt: null,
  },
  Cancelled: { id: decisionId, state: 'cancelled' },
  Identity: {
    agent: {
      id: agentId,
      name: 'support',
      status: 'active',
      environment: 'production',
      riskClass: 'limited',
      labels: {},
    },
    team: { id: teamId, name: 'treasury' },
    organization: { id: organizationId },
    key: { id: keyId, prefix: 'csk_Zk3v', scopes: ['act'], boundUser: null, expiresAt: null },
    policies: [{ name: 'support-agent', version: 3, layer: 'agent', mode: 'enforce' }],
    budgets: [
      {
        policy: 'support-agent',
        name: 'agent-day',
        scope: 'agent',
        unit: 'usd',
        window: 'day',
        cap: '10',
        spent: '2.4',
        held: '0.42',
        remaining: '7.18',
        resetsAt: '2026-11-21T00:00:00.000Z',
      },
    ],
  },
  Receipt: {
    format: 'countersign-receipt/1',
    organization: organizationId,
    event,
    inclusion: [hash],
    checkpoint: checkpointNote,
    vkey,
  },
  InclusionProof: { position: 1234, size: 1241, leafHash: hash, proof: [hash] },
  ConsistencyProof: { from: 1000, to: 1241, proof: [hash] },
  Problem: problem,
} as const;
