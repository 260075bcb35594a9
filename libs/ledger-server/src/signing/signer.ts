import type { OrganizationId } from '@countersign/kernel';
import { leafHasher, planConsistency, treeHasher, type LedgerCrypto, type TreeHead } from '@countersign/ledger';
import {
  attachSignature,
  checkpointBody,
  judgeSigning,
  originAt,
  parseCheckpoint,
  type KeyRing,
  type SigningKeyRange,
} from '@countersign/ledger/checkpoint';
import { inTenant, safeInteger, type Sql, type Transaction } from '@countersign/postgres';
import { latestCheckpoint, type CheckpointRow } from '../checkpoint-rows.ts';
import { plainBytes, toRecorded } from '../event-rows.ts';
import { selectHead, selectStream } from '../event-statements.ts';
import { KeyRings } from '../key-rings.ts';
import { loadNodes } from '../tree-rows.ts';
import type { SignerState } from './signer-state.ts';
import type { HeldKey, SigningKeys } from './signing-keys.ts';

/** Two processes that sign for one log keep at least this far apart, by the database's clock. */
const APART_MILLISECONDS = 400;

/** First key of the advisory locks that keep signers apart; the second is the organization's hash. */
const LOCK_CLASS = 0x6373_6967;

export type SigningOutcome =
  | { readonly outcome: 'signed'; readonly size: number; readonly note: string }
  /** The latest head is signed already. */
  | { readonly outcome: 'nothing_new' }
  /** Another process is signing for this log. */
  | { readonly outcome: 'busy' }
  /** Another process has just signed for this log. */
  | { readonly outcome: 'too_soon' }
  /** This process does not hold the key; one that does will sign. */
  | { readonly outcome: 'no_key'; readonly why: string }
  /** Signing could put two histories under one name. */
  | { readonly outcome: 'refused'; readonly why: string };

interface Log {
  readonly organizationId: OrganizationId;
  readonly sql: Transaction;
  readonly ring: KeyRing;
  readonly origin: string;
  readonly head: TreeHead;
  readonly latest: CheckpointRow | null;
}

/** Signs one head: the latest that is committed, if it provably extends all that was signed before. */
export class Signer {
  readonly #leaves;
  readonly #nodes;
  readonly #rings: KeyRings;

  constructor(
    private readonly sql: Sql,
    crypto: LedgerCrypto,
    private readonly keys: SigningKeys,
    private readonly state: SignerState,
  ) {
    this.#leaves = leafHasher(crypto);
    this.#nodes = treeHasher(crypto);
    this.#rings = new KeyRings(crypto);
  }

  /**
   * What is signed is remembered outside the database before the signature exists, so that no crash in between can
   * make the signer forget it. Answers once the checkpoint is committed.
   */
  sign(organizationId: OrganizationId): Promise<SigningOutcome> {
    return inTenant(this.sql, organizationId, async (sql) => {
      const [lock] = await sql<{ isMine: boolean }[]>`
        select pg_try_advisory_xact_lock(${LOCK_CLASS}, hashtext(${organizationId})) as "isMine"`;
      return lock?.isMine ? this.#signLatest(sql, organizationId) : { outcome: 'busy' };
    });
  }

  async #signLatest(sql: Transaction, organizationId: OrganizationId): Promise<SigningOutcome> {
    const { head, latest, now } = await this.#read(sql, organizationId);
    if (head === null || head.size === (latest?.size ?? 0)) return { outcome: 'nothing_new' };
    if (latest && isRecent(latest.signedAt, now)) return { outcome: 'too_soon' };

    const ring = await this.#rings.of(organizationId, async (stream, after) =>
      (await selectStream(sql, organizationId, stream, after)).map(toRecorded),
    );
    if (!ring) return { outcome: 'no_key', why: `the ledger of ${organizationId} was not opened with a signing key` };
    return this.#signHead({ organizationId, sql, ring, origin: originAt(ring, head.size), head, latest }, now);
  }

  async #read(sql: Transaction, organizationId: OrganizationId) {
    const [[row], latest, [clock]] = await Promise.all([
      selectHead(sql, organizationId),
      latestCheckpoint(sql, organizationId),
      sql<{ now: bigint }[]>`select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now`,
    ]);
    const head: TreeHead | null = row ? { size: safeInteger(row.size), root: plainBytes(row.root) } : null;
    return { head, latest, now: safeInteger(clock?.now ?? 0n) };
  }

  async #signHead(log: Log, now: number): Promise<SigningOutcome> {
    const refusal = await this.#refusal(log);
    if (refusal) return { outcome: 'refused', why: refusal };
    const held = await this.#keyFor(log);
    if (!held)
      return { outcome: 'no_key', why: `no key that may sign \`${log.origin}\` at size ${log.head.size} is held here` };

    const { organizationId, sql, origin, head } = log;
    await this.state.remember(organizationId, origin, head);
    const checkpoint = { origin, ...head };
    const signature = await held.key.sign(new TextEncoder().encode(checkpointBody(checkpoint)));
    const note = attachSignature(checkpoint, held.range.key, signature);
    await sql`
      insert into ledger.checkpoints (organization_id, size, root, note, signed_at)
      values (${organizationId}::text::uuid, ${String(head.size)}::text::bigint, ${head.root}::bytea, ${note},
              ${String(now)}::text::bigint)`;
    return { outcome: 'signed', size: head.size, note };
  }

  /** Against what this signer remembers and against what the database says was signed: either may know more. */
  async #refusal(log: Log): Promise<string | null> {
    const { organizationId, origin, head, latest } = log;
    const stored = latest && parseCheckpoint(latest.note);
    const signed = [await this.state.last(organizationId, origin), stored?.origin === origin ? stored : null];
    for (const last of signed) {
      const verdict = judgeSigning(this.#nodes, {
        last,
        head,
        consistency: last ? await this.#consistency(log, last) : [],
      });
      if (verdict.outcome === 'refuse')
        return `\`${origin}\` is not signed at size ${head.size} (${verdict.reason}): size ${last?.size} was signed before and is no beginning of it. Was the database restored? See \`countersign restore check\`.`;
    }
    return null;
  }

  async #consistency({ sql, organizationId, head }: Log, last: TreeHead): Promise<readonly Uint8Array[]> {
    if (last.size > head.size) return [];
    const plan = planConsistency(last.size, head.size);
    return plan.build(this.#nodes, await loadNodes(sql, organizationId, plan.needs, this.#leaves));
  }

  /** The youngest key that may sign this size and is held here. */
  async #keyFor({ organizationId, ring, origin, head }: Log): Promise<{ key: HeldKey; range: SigningKeyRange } | null> {
    for (const range of ring.ranges.toReversed()) {
      const { key, from, until } = range;
      if (key.name !== origin || head.size < from || (until !== null && head.size >= until)) continue;
      const held = await this.keys.find(organizationId, key.publicKey);
      if (held) return { key: held, range };
    }
    return null;
  }
}

/** A clock that stepped back makes nothing recent, or a log would stay unsigned until it has caught up. */
const isRecent = (signedAt: number, now: number) => now >= signedAt && now - signedAt < APART_MILLISECONDS;
