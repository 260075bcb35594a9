import { EventId, instant, type OrganizationId } from '@countersign/kernel';
import { ledgerStream, type CheckpointSigner, type NewEvent } from '@countersign/ledger';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { codesOf, noteOf, verifyFile, verifyLines } from './book.mother.ts';
import {
  ada,
  addedKey,
  ledgerEvent,
  newEvent,
  newOrganizationId,
  newSigner,
  originOf,
  vkeyOf,
} from './event.mother.ts';
import { exportOf, fileOf } from './export-of.ts';
import { InMemoryLedger } from './in-memory-ledger.ts';

/** The same cases again with `FC_SEED=<the printed seed>`. */
const seed = Number(process.env['FC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const settings = { numRuns: 1000, seed };

beforeAll(() => console.info(`ledger properties: FC_SEED=${seed}, ${settings.numRuns} cases each`));

/** What happens to a ledger: a batch of events of the given payloads, or the erasure of earlier ones. */
type Step = { readonly payloads: readonly string[] } | { readonly erase: readonly number[] };

const payload = fc.oneof(
  fc.json({ maxDepth: 1 }),
  fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify({ text })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ payloads: fc.array(payload, { minLength: 1, maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ erase: fc.array(fc.nat(30), { minLength: 1, maxLength: 3 }) }) },
);
const history = fc.array(step, { minLength: 1, maxLength: 5 });
const batches = history.map((steps) => steps.map((next) => ('payloads' in next ? next : { payloads: ['{}'] })));

interface Book {
  readonly ledger: InMemoryLedger;
  readonly organization: OrganizationId;
  readonly signer: CheckpointSigner;
  readonly lines: readonly string[];
  readonly sizes: readonly number[];
}

interface Origin {
  readonly organization: OrganizationId;
  readonly signer: CheckpointSigner;
}

const [signer, stranger] = [newSigner(), newSigner()];
const newOrigin = (): Origin => ({ organization: newOrganizationId(), signer });

/** Plays a history, with a checkpoint after each step. */
async function play(steps: readonly Step[], origin: Origin = newOrigin()): Promise<Book> {
  let now = 1_795_000_000_000;
  const ledger = new InMemoryLedger(() => instant((now += 1)));
  const { organization } = origin;
  const added = addedKey({ origin: originOf(organization), signer: origin.signer, validFrom: 0 });
  await ledger.append(organization, [{ ...ledgerEvent(organization, 1, 'SigningKeyAdded', added), ...chanceOf(0) }]);
  const sizes = [];
  for (const next of steps) {
    await playStep(ledger, organization, next);
    sizes.push((await ledger.head(organization)).size);
  }
  const wanted = [...new Set(sizes)];
  const lines = await exportOf(ledger, organization, {
    sizes: wanted.length > 0 ? wanted : [1],
    signer: origin.signer,
  });
  return { ledger, organization, signer: origin.signer, lines, sizes: wanted };
}

/** Ids and salts by position, so that two ledgers of one history differ only in what a test makes differ. */
const chanceOf = (position: number) => ({
  id: EventId.parse(`0198c5f1-0000-7000-8000-${position.toString(16).padStart(12, '0')}`),
  salt: new Uint8Array(32).fill(position),
});

async function playStep(ledger: InMemoryLedger, organization: OrganizationId, next: Step): Promise<void> {
  if ('erase' in next) return playErasure(ledger, organization, next.erase);
  const { size } = await ledger.head(organization);
  const events: NewEvent[] = [];
  for (const [index, text] of next.payloads.entries()) {
    const stream = `order-${index % 2}`;
    const before =
      (await ledger.readStream(organization, stream)).length + events.filter((e) => e.stream === stream).length;
    events.push(newEvent({ stream, streamVersion: before + 1, payload: text, ...chanceOf(size + index) }));
  }
  await ledger.append(organization, events);
}

async function playErasure(
  ledger: InMemoryLedger,
  organization: OrganizationId,
  wished: readonly number[],
): Promise<void> {
  const all = await ledger.readPositions(organization, { from: 0, limit: 100 });
  const erasable = all.filter(({ stream }) => stream !== ledgerStream(organization)).map(({ position }) => position);
  const positions = wished.map((at) => erasable[at % Math.max(1, erasable.length)]).filter((at) => at !== undefined);
  if (positions.length > 0)
    await ledger.erase(organization, { positions, reason: 'asked by the customer', actor: ada });
  else await playStep(ledger, organization, { payloads: ['{}'] });
}

const propertyOf = <T extends readonly unknown[]>(
  arbitraries: { readonly [Index in keyof T]: fc.Arbitrary<T[Index]> },
  holds: (...values: T) => Promise<void>,
) =>
  fc.assert(
    fc.asyncProperty(fc.tuple(...arbitraries) as unknown as fc.Arbitrary<T>, (values) => holds(...values)),
    settings,
  );

describe('I9: over generated ledgers', { timeout: 60_000 }, () => {
  it('I9: any history verifies, pinned by its key and by any of its checkpoints', () =>
    propertyOf<[Step[], number]>([history, fc.nat()], async (steps, pick) => {
      const { lines, sizes, organization } = await play(steps);
      const since = noteOf(lines, sizes[pick % sizes.length] ?? 0);
      const report = verifyLines(lines, { keys: [vkeyOf(originOf(organization), signer)], since });
      expect(report.problems).toEqual([]);
      expect(report.pinned).toBe(true);
    }));

  it('I9: any change to one byte of an export is found', () =>
    propertyOf<[Step[], number, number]>(
      [history, fc.nat(), fc.integer({ min: 1, max: 255 })],
      async (steps, pick, mask) => {
        const file = fileOf((await play(steps)).lines);
        const at = pick % file.length;
        expect(verifyFile(file).ok).toBe(true);
        expect(verifyFile(file.with(at, (file[at] ?? 0) ^ mask)).ok).toBe(false);
      },
    ));

  it('I9: any line dropped, doubled or swapped with another is found', () =>
    propertyOf<[Step[], number, number, number]>(
      [history, fc.nat(), fc.nat(), fc.nat(2)],
      async (steps, pick, other, kind) => {
        const { lines } = await play(steps);
        const [at, to] = [pick % lines.length, other % lines.length];
        const [line = '', second = ''] = [lines[at], lines[to]];
        const damaged =
          [lines.toSpliced(at, 1), lines.toSpliced(at, 0, line), lines.with(at, second).with(to, line)][kind] ?? [];
        expect(verifyLines(damaged).ok).toBe(damaged.join('\n') === lines.join('\n'));
      },
    ));

  it('I9: any part removed from a file, or bytes put into it, are found', () =>
    propertyOf<[Step[], number, number, Uint8Array]>(
      [history, fc.nat(), fc.nat(200), fc.uint8Array({ maxLength: 20 })],
      async (steps, pick, width, bytes) => {
        const file = fileOf((await play(steps)).lines);
        const at = pick % file.length;
        const damaged = Buffer.concat([file.subarray(0, at), bytes, file.subarray(at + width)]);
        expect(verifyFile(damaged).ok).toBe(Buffer.compare(damaged, file) === 0);
      },
    ));

  it('I9: a tail cut off together with its checkpoints passes alone, and is found with a pin', () =>
    propertyOf<[Step[], Step[]]>([history, history], async (kept, cut) => {
      const origin = newOrigin();
      const whole = await play([...kept, ...cut], origin);
      const size = whole.sizes[kept.length - 1] ?? 0;
      const shortened = await truncated(whole, size);
      const alone = verifyLines(shortened);
      const tellsOnItself = alone.problems.every(({ code }) => code === 'payload.erased_unrecorded');
      expect(tellsOnItself).toBe(true);

      const pinned = verifyLines(shortened, { since: noteOf(whole.lines, whole.sizes.at(-1) ?? 0) });
      expect(codesOf(pinned)).toContain('pin.tail_cut');
      expect(pinned.ok).toBe(false);
    }));

  it('I9: a ledger rebuilt with one event changed and re-signed, by the same key or another, passes alone and is found with a pin', () =>
    propertyOf<[Step[], number, boolean]>([batches, fc.nat(), fc.boolean()], async (steps, pick, bySameKey) => {
      const organization = newOrganizationId();
      const whole = await play(steps, { organization, signer });
      const rebuilt = await play(falsified(steps, pick), { organization, signer: bySameKey ? signer : stranger });
      expect(codesOf(verifyLines(rebuilt.lines))).toEqual([]);

      const since = noteOf(whole.lines, whole.sizes.at(-1) ?? 0);
      expect(codesOf(verifyLines(rebuilt.lines, { since }))).toContain('pin.root_differs');
      const keys = [vkeyOf(originOf(organization), signer)];
      expect(codesOf(verifyLines(rebuilt.lines, { keys }))).toEqual(bySameKey ? [] : ['checkpoint.untrusted_key']);
    }));
});

/** The export somebody makes who removes every event from `size` on and all checkpoints of them. */
async function truncated({ lines, sizes, organization, signer: by }: Book, size: number): Promise<readonly string[]> {
  const kept = sizes.filter((at) => at <= size);
  const header = { ...JSON.parse(lines[0] ?? ''), checkpoints: kept };
  const notes = lines.filter((line) => line.startsWith('{"kind":"checkpoint"')).slice(0, kept.length);
  const keys = [{ kind: 'key', vkey: vkeyOf(originOf(organization), by), from: 1, until: null }];
  return [JSON.stringify(header), ...lines.slice(1, size + 1), ...notes, ...keys.map((key) => JSON.stringify(key))];
}

/** The same history, with another payload somewhere: what somebody with the database and a key would make of it. */
function falsified(steps: readonly Step[], pick: number): readonly Step[] {
  const at = pick % steps.length;
  return steps.map((next, index) =>
    index === at && 'payloads' in next ? { payloads: ['{"falsified":true}', ...next.payloads.slice(1)] } : next,
  );
}
