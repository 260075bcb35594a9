import { instant, toIso, type Actor, type OrganizationId } from '@countersign/kernel';
import { LedgerFormatError, toBase64, type LedgerCrypto, type RecordedEvent } from '@countersign/ledger';
import { checkSignature, parseCheckpoint, type SignedCheckpoint } from '@countersign/ledger/checkpoint';
import { KeyRings } from '../key-rings.ts';
import type { LedgerReader } from '../ledger-reader.ts';
import type { OwnEvents, OwnStream } from '../own-stream.ts';
import { presentKey } from './present-key.ts';
import { nextSigningKey, signingKeyRetired } from './signing-key-events.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What checkpoints from outside say about a database that may have been restored. */
export interface RestoreReport {
  readonly organizationId: OrganizationId;
  /** The size of the ledger as it is now. */
  readonly size: number;
  /** How many checkpoints were given. */
  readonly checkpoints: number;
  /** How many of them no key that this ledger tells of has signed. Not zero: believe the rest only after looking why. */
  readonly unknownSigners: number;
  /** The largest of them that this ledger still begins with; null when it begins with none. */
  readonly agreesAt: number | null;
  /** The smallest that it contradicts or does not reach; null when it keeps them all. */
  readonly differsAt: number | null;
  /** `kept`: nothing signed is missing. `cut`: it ends before what was signed. `forked`: it says something else. */
  readonly verdict: 'kept' | 'cut' | 'forked';
  /** One sentence for people: what happened and what to do. */
  readonly summary: string;
}

/** Why a ledger continues as another log. */
export interface Restoration {
  /** The last checkpoint known from before, as text; null when none was found. */
  readonly lastCheckpoint: string | null;
  readonly reason: string;
}

export interface RestoredLedgersParts {
  readonly own: OwnStream;
  readonly reader: LedgerReader;
  readonly crypto: LedgerCrypto;
  readonly keys: SigningKeys;
  readonly now: () => number;
}

/** Finds out whether a restored database forgot something that was signed, and lets its ledgers go on if so. */
export class RestoredLedgers {
  constructor(private readonly parts: RestoredLedgersParts) {}

  /**
   * Compares the ledger with checkpoints that were kept elsewhere, in whatever order they stand in `text`. Reads the
   * roots of O(log n) of them: a ledger that keeps a checkpoint keeps all smaller ones of the same history.
   *
   * @throws {LedgerFormatError} for a text with a malformed checkpoint, with one of another organization, or with none.
   */
  async check(organizationId: OrganizationId, text: string): Promise<RestoreReport> {
    const checkpoints = readCheckpoints(text).sort((a, b) => a.size - b.size);
    refuseOthers(organizationId, checkpoints);
    const { size } = await this.parts.reader.head(organizationId);
    const kept = await this.#countKept(organizationId, checkpoints, size);
    const [agreesAt, differsAt] = [checkpoints[kept - 1]?.size ?? null, checkpoints[kept]?.size ?? null];
    const verdict = verdictOf(size, differsAt);
    const unknownSigners = await this.#countUnknown(organizationId, checkpoints);
    const known = {
      organizationId,
      size,
      checkpoints: checkpoints.length,
      unknownSigners,
      agreesAt,
      differsAt,
      verdict,
    } as const;
    return { ...known, summary: summaryOf(known) };
  }

  /**
   * Lets a restored ledger go on as another log, signed under a name it never had. Appends `LedgerRestored`, and adds
   * the present key under the new name, vouched for by itself under the old one.
   *
   * @throws {SigningKeyUnavailable} when the key that signed the log is not held here.
   */
  reopen(organizationId: OrganizationId, actor: Actor, restoration: Restoration): Promise<readonly RecordedEvent[]> {
    return this.parts.own.append(organizationId, actor, () => this.#prepare(organizationId, restoration));
  }

  async #prepare(organizationId: OrganizationId, { lastCheckpoint, reason }: Restoration): Promise<OwnEvents> {
    const { reader, crypto, keys, now } = this.parts;
    const { ring, range, held, version } = await presentKey(organizationId, reader, crypto, keys);
    // The time, not a count: a restored database has forgotten how often it was restored before.
    const origin = `${ring.origins[0]?.origin}/${toIso(instant(now())).replaceAll(/[^0-9TZ]/g, '')}`;
    const presentKeyId = range.key.keyId;
    const added = await nextSigningKey(crypto, held, { origin, successor: held.publicKey, validFrom: 0, presentKeyId });
    return {
      version,
      at: ({ size, root }) => [
        { type: 'LedgerRestored', data: { fromSize: size, fromRoot: toBase64(root), origin, lastCheckpoint, reason } },
        added,
        signingKeyRetired(presentKeyId, 'the log goes on under another name'),
      ],
    };
  }

  /** Those that no key this ledger tells of has signed: forged, or signed by a key that was added after the backup. */
  async #countUnknown(organizationId: OrganizationId, checkpoints: readonly SignedCheckpoint[]): Promise<number> {
    const { reader, crypto } = this.parts;
    const own = (stream: string) => reader.stream(organizationId, stream);
    const keys = ((await new KeyRings(crypto).of(organizationId, own))?.ranges ?? []).map(({ key }) => key);
    return checkpoints.filter((checkpoint) => checkSignature(crypto, checkpoint, keys).outcome !== 'valid').length;
  }

  /** How many, from the smallest, the ledger begins with: by halving, because keeping is monotone in the size. */
  async #countKept(
    organizationId: OrganizationId,
    checkpoints: readonly SignedCheckpoint[],
    size: number,
  ): Promise<number> {
    let [kept, differing] = [0, checkpoints.length];
    while (kept < differing) {
      const middle = Math.floor((kept + differing) / 2);
      if (await this.#isKept(organizationId, checkpoints[middle] as SignedCheckpoint, size)) kept = middle + 1;
      else differing = middle;
    }
    return kept;
  }

  async #isKept(organizationId: OrganizationId, checkpoint: SignedCheckpoint, size: number): Promise<boolean> {
    if (checkpoint.size > size) return false;
    const root = await this.parts.reader.root(organizationId, checkpoint.size);
    return toBase64(root) === toBase64(checkpoint.root);
  }
}

function refuseOthers(organizationId: OrganizationId, checkpoints: readonly SignedCheckpoint[]): void {
  const other = checkpoints.find(({ origin }) => origin.split('/')[1] !== organizationId);
  if (!other) return;
  throw new LedgerFormatError(
    'checkpoint.malformed',
    `the checkpoint of \`${other.origin}\` is not of organization ${organizationId}`,
  );
}

const CHECKPOINT = /[^\n]+\n[^\n]+\n[^\n]+\n\n(?:— [^\n]+\n)+/gu;

/** The checkpoints of a file as the file sink writes it, or of a single note. */
function readCheckpoints(text: string): SignedCheckpoint[] {
  const notes = text.match(CHECKPOINT) ?? [];
  if (notes.length === 0 || text.replaceAll(CHECKPOINT, '').trim() !== '')
    throw new LedgerFormatError(
      'checkpoint.malformed',
      'the text must hold signed checkpoints, one after another, and nothing else',
    );
  return notes.map(parseCheckpoint);
}

function verdictOf(size: number, differsAt: number | null): RestoreReport['verdict'] {
  if (differsAt === null) return 'kept';
  return differsAt > size ? 'cut' : 'forked';
}

function summaryOf({ verdict, size, checkpoints, agreesAt, differsAt }: Omit<RestoreReport, 'summary'>): string {
  if (verdict === 'kept')
    return `the ledger of ${size} events keeps all ${checkpoints} checkpoints: nothing signed is missing`;
  const from = agreesAt === null ? 'from its beginning' : `after size ${agreesAt}`;
  const what =
    verdict === 'cut'
      ? `ends at ${size}, before size ${differsAt} that was signed`
      : `says something else than was signed at size ${differsAt}`;
  return `the ledger ${what}: it lost or changed events ${from}; let it go on as another log, under which it can be signed again`;
}
