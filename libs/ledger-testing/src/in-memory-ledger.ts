import { nodeCrypto } from '@countersign/crypto';
import { EventId, instant, type Instant, type OrganizationId } from '@countersign/kernel';
import {
  appendLeaves,
  ClockUnsure,
  emptyTree,
  type Erasure,
  ErasureRefused,
  type GrowingTree,
  judgeClock,
  leafHasher,
  Ledger,
  ledgerStream,
  type NewEvent,
  type NodeSource,
  planConsistency,
  planInclusion,
  type PositionWindow,
  type ProofPlan,
  type RecordedEvent,
  rootOf,
  StreamConflict,
  treeHasher,
  type TreeHead,
} from '@countersign/ledger';
import { randomBytes } from 'node:crypto';
import { newEventId } from './event.mother.ts';

/** A real ledger without a database: the same promises, checked by the same contract, kept until the process ends. */
export class InMemoryLedger extends Ledger {
  readonly #organizations = new Map<string, Book>();
  readonly #leaves = leafHasher(nodeCrypto);
  readonly #hasher = treeHasher(nodeCrypto);
  readonly #now: () => Instant;

  /** `now` plays the database's clock; by default the process's own. */
  constructor(now: () => Instant = () => instant(Date.now())) {
    super();
    this.#now = now;
  }

  override async append(organizationId: OrganizationId, events: readonly NewEvent[]) {
    const book = this.#bookOf(organizationId);
    checkVersions(book, events);
    const recordedAt = this.#recordedAt(book);
    const recorded = events.map((event, index) =>
      this.#record(event, { organizationId, position: book.events.length + index, recordedAt }),
    );
    this.#grow(book, recorded);
    return recorded;
  }

  override async readStream(organizationId: OrganizationId, stream: string) {
    return this.#bookOf(organizationId).events.filter((event) => event.stream === stream);
  }

  override async readPositions(organizationId: OrganizationId, { from, limit }: PositionWindow) {
    return this.#bookOf(organizationId).events.slice(from, from + limit);
  }

  override async head(organizationId: OrganizationId): Promise<TreeHead> {
    const { size, frontier } = this.#bookOf(organizationId).tree;
    return { size, root: rootOf(this.#hasher, frontier) };
  }

  override async inclusionProof(organizationId: OrganizationId, position: number, size: number) {
    return this.#prove(organizationId, size, planInclusion(position, size));
  }

  override async consistencyProof(organizationId: OrganizationId, from: number, to: number) {
    return this.#prove(organizationId, to, planConsistency(from, to));
  }

  override async erase(organizationId: OrganizationId, erasure: Erasure): Promise<RecordedEvent> {
    const book = this.#bookOf(organizationId);
    for (const position of erasure.positions) checkErasable(organizationId, book, position);

    const [recorded] = await this.append(organizationId, [erasureEvent(organizationId, book, erasure)]);
    for (const position of erasure.positions) {
      const event = book.events[position];
      if (event) book.events[position] = { ...event, content: null };
    }
    return recorded as RecordedEvent;
  }

  #record(event: NewEvent, place: Pick<RecordedEvent, 'organizationId' | 'position' | 'recordedAt'>): RecordedEvent {
    const { salt, payload, ...header } = event;
    const content = { salt, payload };
    return { ...header, ...place, commitment: this.#leaves.commitment(content), content };
  }

  #grow(book: Book, recorded: readonly RecordedEvent[]): void {
    const leafHashes = recorded.map((event) => this.#leaves.leafHash(event, event.commitment));
    const { nodes, tiles, ...tree } = appendLeaves(this.#hasher, book.tree, leafHashes);
    for (const { level, index, hash } of nodes) book.nodes.set(`${level}/${index}`, hash);
    for (const { index, leafHashes: tile } of tiles) book.tiles.set(index, tile);
    book.events.push(...recorded);
    book.tree = tree;
    for (const { stream, streamVersion } of recorded) book.versions.set(stream, streamVersion);
  }

  #recordedAt({ events }: Book): Instant {
    const now = this.#now();
    const verdict = judgeClock({ databaseNow: now, headAt: events.at(-1)?.recordedAt ?? null, processNow: now });
    if (verdict.outcome === 'unsure') throw new ClockUnsure(verdict.why);
    return verdict.recordedAt;
  }

  #prove(organizationId: OrganizationId, size: number, plan: ProofPlan): readonly Uint8Array[] {
    const book = this.#bookOf(organizationId);
    if (size > book.tree.size) throw new RangeError(`the ledger has ${book.tree.size} events, not ${size}`);
    return plan.build(this.#hasher, sourceOf(book, plan));
  }

  #bookOf(organizationId: OrganizationId): Book {
    const book = this.#organizations.get(organizationId) ?? newBook();
    this.#organizations.set(organizationId, book);
    return book;
  }
}

interface Book {
  readonly events: RecordedEvent[];
  readonly versions: Map<string, number>;
  readonly nodes: Map<string, Uint8Array>;
  readonly tiles: Map<number, Uint8Array>;
  tree: GrowingTree;
}

const newBook = (): Book => ({ events: [], versions: new Map(), nodes: new Map(), tiles: new Map(), tree: emptyTree });

function checkVersions({ versions }: Book, events: readonly NewEvent[]): void {
  const next = new Map<string, number>();
  for (const { stream, streamVersion } of events) {
    const expected = next.get(stream) ?? (versions.get(stream) ?? 0) + 1;
    if (streamVersion !== expected) throw new StreamConflict(stream, streamVersion);
    next.set(stream, streamVersion + 1);
  }
}

function checkErasable(organizationId: OrganizationId, { events }: Book, position: number): void {
  const event = events[position];
  if (!event) throw new ErasureRefused('ledger.erase_unknown', position);
  if (event.stream === ledgerStream(organizationId)) throw new ErasureRefused('ledger.erase_own_event', position);
}

function erasureEvent(organizationId: OrganizationId, book: Book, { positions, reason, actor }: Erasure): NewEvent {
  const stream = ledgerStream(organizationId);
  return {
    id: EventId.parse(newEventId()),
    stream,
    streamVersion: (book.versions.get(stream) ?? 0) + 1,
    type: 'PayloadErased',
    schemaVersion: 1,
    actor,
    payload: JSON.stringify({ positions, reason }),
    salt: Uint8Array.from(randomBytes(32)),
  };
}

/** Hands out only what the plan asked for, as a server does that loads rows first: asking for more is a defect. */
function sourceOf({ nodes, tiles, tree }: Book, { needs }: ProofPlan): NodeSource {
  const asked = new Set([...needs.nodes.map(({ level, index }) => `${level}/${index}`), ...needs.tiles.map(String)]);
  const given = (name: string, bytes: Uint8Array | undefined) => {
    if (!bytes || !asked.has(name)) throw new Error(`the proof was not planned with ${name}`);
    return bytes;
  };
  return {
    node: (level, index) => given(`${level}/${index}`, nodes.get(`${level}/${index}`)),
    tile: (index) => given(`${index}`, tiles.get(index) ?? Uint8Array.from(Buffer.concat(tree.openTile ?? []))),
  };
}
