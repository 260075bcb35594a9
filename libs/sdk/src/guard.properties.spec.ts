import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { countersign } from './countersign.ts';
import { allowed, asked, blocked, startFakeApi, taken, type Reply } from './fake-api.mother.ts';

const api = await startFakeApi();
afterAll(api.close);
const seed = Math.floor(Math.random() * 2 ** 31);
console.log(`guard properties: seed ${seed}`);

const REQUEST_ID = 'refund-order-1009';

/** Judges an answer without a line in common with the client, as narrowly as the promise is worded. */
function permits(status: number, text: string): boolean {
  const wanted = { verdict: 'allow', next: 'act', state: 'decided', requestId: REQUEST_ID, repeat: false };
  try {
    // The platform takes a byte order mark off before anyone reads the text.
    const { decisions } = JSON.parse(text.replace(/^\ufeff/, '')) as { decisions: { ok: unknown; decision: object }[] };
    const [answer] = decisions;
    if (status !== 200 || decisions.length !== 1 || answer?.ok !== true) return false;
    const read: Record<string, unknown> = { requestId: REQUEST_ID, ...answer.decision };
    return Object.entries(wanted).every(([key, value]) => read[key] === value);
  } catch {
    return false;
  }
}

const word = fc.constantFrom<unknown>(
  'allow',
  'act',
  'decided',
  'block',
  'ask',
  'modify',
  'wait',
  'take',
  'stop',
  '',
  null,
  true,
  1,
  [],
  {},
);
const field = fc.constantFrom(
  'verdict',
  'next',
  'state',
  'repeat',
  'id',
  'position',
  'decidedAt',
  'validUntil',
  'reasons',
  'requestId',
  'x',
);
const changes = fc.array(fc.tuple(field, word), { minLength: 1, maxLength: 2 });
const decision = fc
  .tuple(fc.constantFrom(allowed, allowed, allowed, blocked, asked), fc.option(changes, { nil: [], freq: 2 }))
  .map(([make, changed]) => ({ ...make(), ...Object.fromEntries(changed) }));

const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const item = fc.oneof(
  often(
    10,
    decision.map((one): unknown => ({ ok: true, decision: one })),
  ),
  decision.map((one) => ({
    ok: false,
    decision: one,
    problem: { status: 409, code: 'request.closed', decision: one },
  })),
  fc.jsonValue(),
);
const listOf = (items: fc.Arbitrary<unknown[]>) => items.map((decisions) => JSON.stringify({ decisions }));
const answer = fc.oneof(
  often(15, listOf(item.map((one) => [one]))),
  listOf(fc.array(item, { maxLength: 2 })),
  decision.map((one) => JSON.stringify(one)),
  fc.json(),
);

/** Half the answers as they are, half with a piece cut out or put in. */
const piece = fc.constantFrom('', 'block', '"', '}', ',', '\u0000', '\ufeff', '"ok":false,', '"verdict":"allow",');
const bytes = fc
  .tuple(answer, fc.boolean(), fc.nat(), piece, fc.nat(3))
  .map(([text, isWhole, place, inserted, removed]) => {
    const at = place % (text.length + 1);
    return isWhole ? text : text.slice(0, at) + inserted + text.slice(at + removed);
  });
const status = fc.oneof({ weight: 20, arbitrary: fc.constant(200) }, fc.constantFrom(201, 204, 400, 409, 500));

describe('I3: whatever the server answers', () => {
  it('the function runs only after one allow for this very request was read', async () => {
    let reply: Reply = 'silence';
    let runs = 0;
    let permitted = 0;
    api.on(({ body }) => (body.outcomes ? taken(body.outcomes) : reply));

    await fc.assert(
      fc.asyncProperty(status, bytes, async (code, text) => {
        reply = { status: code, body: code === 204 ? '' : text };
        const before = runs;
        const client = countersign({ url: api.url, key: 'csk_ada', timeoutMs: 5_000, onReportFailed: () => {} });
        await client
          .guard({ intent: 'refund.issue', requestId: REQUEST_ID }, async () => ({ result: (runs += 1) }))
          .catch((error: unknown) => expect(error).toHaveProperty('code'));
        const didRun = runs > before;
        if (didRun) expect(permits(code, text)).toBe(true);
        permitted += Number(didRun);
      }),
      { seed, numRuns: 1_500 },
    );
    // A client that never runs anything would pass too.
    console.log(permitted);
    expect(permitted).toBeGreaterThan(100);
  }, 60_000);

  it('bytes that are no text at all run nothing', async () => {
    let ran = false;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        api.on(() => ({ body: Buffer.from(noise) }));
        const client = countersign({ url: api.url, key: 'csk_ada', timeoutMs: 5_000 });
        await client.guard({ intent: 'refund.issue' }, async () => ({ result: (ran = true) })).catch(() => {});
        expect(ran).toBe(false);
      }),
      { seed, numRuns: 200 },
    );
  }, 60_000);
});
