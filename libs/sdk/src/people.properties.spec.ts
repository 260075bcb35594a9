import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { countersign } from './countersign.ts';
import { allowed, blocked, problem, startFakeApi, type Received, type Reply } from './fake-api.mother.ts';
import { approved, ASK_ID, pending, people, settled, withPermit, type Script } from './fake-people.mother.ts';

const api = await startFakeApi();
afterAll(api.close);
const seed = Math.floor(Math.random() * 2 ** 31);
console.log(`guard properties with people: seed ${seed}`);

const REQUEST_ID = 'refund-order-1009';
const refund = { intent: 'refund.issue', requestId: REQUEST_ID, args: { amount: 120 } };

interface Exchange {
  readonly received: Received;
  readonly reply: Reply;
}

/** Reads an answer without a line in common with the client. */
function says({ reply }: Exchange, wanted: object): boolean {
  if (typeof reply === 'string' || (reply.status ?? 200) !== 200) return false;
  const body = reply.body as { decisions?: readonly { decision?: unknown }[] };
  const answer = Array.isArray(body.decisions) ? body.decisions[0]?.decision : body;
  const read = { requestId: REQUEST_ID, ...(answer as Record<string, unknown>) };
  return Object.entries({ requestId: REQUEST_ID, ...wanted }).every(
    ([key, value]) => read[key as 'requestId'] === value,
  );
}

/** An allow; or a yes of people that was read, and after it a take of that permit. */
function permits(exchanges: readonly Exchange[]): boolean {
  const allow = { verdict: 'allow', next: 'act', state: 'decided', repeat: false };
  if (exchanges.some((each) => each.received.path === '/v1/decisions/batch' && says(each, allow))) return true;
  const yes = { id: ASK_ID, verdict: 'ask', state: 'approved', next: 'take' };
  const isYes = (each: Exchange) => each.received.method === 'GET' && says(each, yes);
  const took = { id: ASK_ID, verdict: 'ask', state: 'taken', next: 'act' };
  const isTaken = (each: Exchange) => each.received.path.endsWith('/take') && says(each, took);
  return exchanges.slice(exchanges.findIndex(isYes)).some(isTaken) && exchanges.some(isYes);
}

const word = fc.constantFrom<unknown>(
  'allow',
  'act',
  'ask',
  'modify',
  'take',
  'approved',
  'taken',
  'decided',
  'wait',
  null,
  1,
  [],
);
const field = fc.constantFrom(
  'verdict',
  'next',
  'state',
  'id',
  'requestId',
  'position',
  'approval',
  'action',
  'takenAt',
  'validUntil',
);
const twisted = (view: object) =>
  fc.array(fc.tuple(field, word), { maxLength: 2 }).map((changes) => ({ ...view, ...Object.fromEntries(changes) }));
const views = [
  pending(),
  approved(),
  approved({ edited: true }),
  withPermit(),
  settled('denied'),
  allowed(),
  blocked(),
];
const failures = fc.constantFrom<Reply>(
  problem(503, 'queue.full'),
  problem(409, 'permit.taken'),
  problem(409, 'request.closed'),
  'hang up',
  'break off',
  { body: 'approved' },
  { body: { decisions: [] } },
);
const answer = (usual: object) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(usual) },
    { weight: 3, arbitrary: fc.constantFrom(...views).chain(twisted) },
    { weight: 1, arbitrary: failures },
  );
const few = (usual: object) => fc.array(answer(usual), { minLength: 1, maxLength: 3 });
const script: fc.Arbitrary<Script> = fc.record({
  decided: few(pending()),
  seen: few(approved()),
  takes: few(withPermit()),
}) as fc.Arbitrary<Script>;

describe('I3, I5: whatever the server answers about an ask', () => {
  it('the function runs at most once per request, and never without a permit that was approved and taken', async () => {
    let permitted = 0;
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const exchanges: Exchange[] = [];
        const play = people(steps);
        api.on(async (received, count) => {
          const reply = await play(received, count);
          exchanges.push({ received, reply });
          return reply;
        });
        const client = countersign({ url: api.url, key: 'csk_ada', timeoutMs: 120, onReportFailed: () => {} });
        let runs = 0;
        const act = async () => ({ result: (runs += 1) });
        const attempt = () =>
          client
            .guard({ ...refund, wait: { forSeconds: 0.05 } }, act)
            .catch((error: unknown) => expect(error).toHaveProperty('code'));
        await Promise.all([attempt(), attempt()]);
        await attempt();

        expect(runs).toBeLessThanOrEqual(1);
        if (runs === 1) expect(permits(exchanges)).toBe(true);
        permitted += runs;
      }),
      { seed, numRuns: 400 },
    );
    // A client that never runs anything would pass too.
    console.log(permitted);
    expect(permitted).toBeGreaterThan(60);
  }, 120_000);
});
