import { instant, toIso, type Actor, type OrganizationId } from '@countersign/kernel';
import { LedgerFormatError, toBase64, type LedgerCrypto, type RecordedEvent } from '@countersign/ledger';
import {
  checkSignature,
  mergeFindings,
  parseCheckpoints,
  restoreReport,
  type KeyRing,
  type RestoreFindings,
  type RestoreReport,
  type SignedCheckpoint,
} from '@countersign/ledger/checkpoint';
import { KeyRings } from '../key-rings.ts';
import type { LedgerReader } from '../ledger-reader.ts';
import type { OwnEvents, OwnStream } from '../own-stream.ts';
import { presentKey } from './present-key.ts';
import { nextSigningKey, signingKeyRetired } from './signing-key-events.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Why a ledger continues as another log. */
export interface Restoration {
  /** The largest checkpoint known from before, as text; null when none was found. */
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

/** A ledger was to go on as another log that goes on as it is. */
export class NothingLost extends Error {
  override readonly name = 'NothingLost';
  readonly code = 'ledger.nothing_lost';
}

/** Finds out whether a restored database forgot something that was signed, and lets its ledgers go on if so. */
export class RestoredLedgers {
  constructor(private readonly parts: RestoredLedgersParts) {}

  /**
   * Compares the ledger with checkpoints that were kept elsewhere, in whatever order they stand in `text`. Reads the
   * roots of O(log n) of them for each log: a ledger that keeps a checkpoint keeps all smaller ones of the same history.
   *
   * @throws {LedgerFormatError} for a text with a malformed checkpoint, with one of another organization, or with none.
   */
  async check(organizationId: OrganizationId, text: string): Promise<RestoreReport> {
    const checkpoints = parseCheckpoints(text).sort((a, b) => a.size - b.size);
    refuseOthers(organizationId, checkpoints);
    const { size } = await this.parts.reader.head(organizationId);
    const ring = await this.#ring(organizationId);
    let findings: RestoreFindings = { ...nothingFound, size };
    for (const origin of new Set(checkpoints.map((checkpoint) => checkpoint.origin))) {
      const ofLog = checkpoints.filter((checkpoint) => checkpoint.origin === origin);
      const kept = await this.#countKept(organizationId, ofLog, size);
      findings = mergeFindings(findings, this.#findingsOf({ ofLog, kept, ring, isGivenUp: isGivenUp(ring, origin) }));
    }
    return restoreReport(findings);
  }

  /**
   * Lets a restored ledger go on as another log, signed under a name it never had. Appends `LedgerRestored`, and adds
   * the present key under the new name, vouched for by itself under the old one.
   *
   * @throws {NothingLost} when the ledger keeps the last checkpoint, or gave up its log already.
   * @throws {LedgerFormatError} as `check`.
   * @throws {SigningKeyUnavailable} when the key that signed the log is not held here.
   */
  async reopen(
    organizationId: OrganizationId,
    actor: Actor,
    restoration: Restoration,
  ): Promise<readonly RecordedEvent[]> {
    const { lastCheckpoint } = restoration;
    if (lastCheckpoint !== null) await this.#refuseKept(organizationId, lastCheckpoint);
    return this.parts.own.append(organizationId, actor, () => this.#prepare(organizationId, restoration));
  }

  async #refuseKept(organizationId: OrganizationId, lastCheckpoint: string): Promise<void> {
    const { verdict, summary } = await this.check(organizationId, lastCheckpoint);
    if (verdict === 'kept' || verdict === 'reopened') throw new NothingLost(summary);
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

  async #ring(organizationId: OrganizationId): Promise<KeyRing | null> {
    const { reader, crypto } = this.parts;
    return new KeyRings(crypto).of(organizationId, (stream) => reader.stream(organizationId, stream));
  }

  #findingsOf({ ofLog, kept, ring, isGivenUp }: ComparedLog): RestoreFindings {
    const lost = ofLog.length - kept;
    return {
      ...nothingFound,
      checkpoints: ofLog.length,
      unknownSigners: this.#countUnknown(ofLog, ring),
      abandoned: isGivenUp ? lost : 0,
      agreesAt: ofLog[kept - 1]?.size ?? null,
      differsAt: isGivenUp ? null : (ofLog[kept]?.size ?? null),
    };
  }

  /** Those that no key this ledger tells of has signed: forged, or signed by a key that was added after the backup. */
  #countUnknown(checkpoints: readonly SignedCheckpoint[], ring: KeyRing | null): number {
    const keys = (ring?.ranges ?? []).map(({ key }) => key);
    return checkpoints.filter((checkpoint) => checkSignature(this.parts.crypto, checkpoint, keys).outcome !== 'valid')
      .length;
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

/** The checkpoints of one log, by size, and how many of them, from the smallest, the ledger begins with. */
interface ComparedLog {
  readonly ofLog: readonly SignedCheckpoint[];
  readonly kept: number;
  readonly ring: KeyRing | null;
  readonly isGivenUp: boolean;
}

const nothingFound: RestoreFindings = {
  size: 0,
  checkpoints: 0,
  unknownSigners: 0,
  abandoned: 0,
  agreesAt: null,
  differsAt: null,
};

/** Whether the ledger says that it once was this log and is another one since. */
const isGivenUp = (ring: KeyRing | null, log: string) =>
  ring !== null && ring.origin !== log && ring.origins.some(({ origin }) => origin === log);

function refuseOthers(organizationId: OrganizationId, checkpoints: readonly SignedCheckpoint[]): void {
  const other = checkpoints.find(({ origin }) => origin.split('/')[1] !== organizationId);
  if (!other) return;
  throw new LedgerFormatError(
    'checkpoint.malformed',
    `the checkpoint of \`${other.origin}\` is not of organization ${organizationId}`,
  );
}
