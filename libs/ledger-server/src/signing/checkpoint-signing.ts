import { setTimeout as pause } from 'node:timers/promises';
import type { OrganizationId } from '@countersign/kernel';
import type { Sql } from '@countersign/postgres';
import { CheckpointDelivery } from './checkpoint-delivery.ts';
import type { CheckpointSink } from './checkpoint-sink.ts';
import type { Signer, SigningOutcome } from './signer.ts';

/** A log is signed at once after a quiet time, and under load twice a second, however much is appended. */
const PAUSE_MILLISECONDS = 500;

/** How often appends of other processes are looked for. With the pause above it keeps the signer within a second. */
const SWEEP_MILLISECONDS = 400;
const SWEEP_PAGE = 500;

/** What was refused, or lacks its key here, is looked at again later: it takes a person to change that. */
const REFUSED_PAUSE_MILLISECONDS = 10_000;

/** Where the signer says what went wrong. Keys and payloads never get there. */
export interface SigningLog {
  warn(message: string): void;
  error(message: string): void;
}

export interface CheckpointSigningParts {
  /** A small pool of its own: signing must not wait for, nor take, a decision's connection. */
  readonly sql: Sql;
  readonly signer: Signer;
  readonly sinks: readonly CheckpointSink[];
  readonly log: SigningLog;
}

/**
 * Signs the latest committed head of every organization, at most a second behind, one at a time for each organization
 * however many processes run this. Nothing waits for it: appends only say that they happened.
 */
export class CheckpointSigning {
  readonly #sql: Sql;
  readonly #signer: Signer;
  readonly #log: SigningLog;
  readonly #delivery: CheckpointDelivery;
  readonly #lanes = new Map<OrganizationId, { hasNews: boolean; running: Promise<void> }>();
  readonly #stopping = new AbortController();
  #sweeping: Promise<void> | null = null;

  constructor({ sql, signer, sinks, log }: CheckpointSigningParts) {
    this.#sql = sql;
    this.#signer = signer;
    this.#log = log;
    this.#delivery = new CheckpointDelivery(sinks, log);
  }

  /** Begins to look for what other processes appended, or this one before it was started. */
  start(): void {
    this.#sweeping ??= this.#sweep();
  }

  /** Says that events were committed. Cheap, never throws, waits for nothing. */
  appended(organizationId: OrganizationId): void {
    if (this.#stopping.signal.aborted) return;
    const lane = this.#lanes.get(organizationId);
    if (lane) lane.hasNews = true;
    else this.#open(organizationId);
  }

  /** Ends the sweep, what is being signed and, as far as they accept it at once, what the sinks still miss. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#sweeping, ...[...this.#lanes.values()].map(({ running }) => running)]);
    await this.#delivery.stop();
  }

  #open(organizationId: OrganizationId): void {
    const lane = { hasNews: true, running: Promise.resolve() };
    this.#lanes.set(organizationId, lane);
    lane.running = this.#run(organizationId, lane);
  }

  async #run(organizationId: OrganizationId, lane: { hasNews: boolean }): Promise<void> {
    while (lane.hasNews && !this.#stopping.signal.aborted) {
      lane.hasNews = false;
      const outcome = await this.#sign(organizationId);
      if (again.has(outcome)) lane.hasNews = true;
      await this.#pause(waiting.has(outcome) ? REFUSED_PAUSE_MILLISECONDS : PAUSE_MILLISECONDS);
    }
    // In the same step as the look at `hasNews`: what is said from now on opens a lane of its own.
    this.#lanes.delete(organizationId);
  }

  async #sign(organizationId: OrganizationId): Promise<Outcome> {
    try {
      const result = await this.#signer.sign(organizationId);
      if (result.outcome === 'signed') this.#delivery.publish({ organizationId, size: result.size, note: result.note });
      if (result.outcome === 'refused' || result.outcome === 'no_key') this.#log.error(result.why);
      return result.outcome;
    } catch (error) {
      this.#log.warn(`checkpoint of ${organizationId} was not signed: ${messageOf(error)}`);
      return 'failed';
    }
  }

  async #sweep(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#lookForUnsigned().catch((error: unknown) =>
        this.#log.warn(`unsigned ledgers were not found: ${messageOf(error)}`),
      );
      await this.#pause(SWEEP_MILLISECONDS);
    }
  }

  async #lookForUnsigned(): Promise<void> {
    for (let after: string | null = null; !this.#stopping.signal.aborted;) {
      const rows: readonly { id: string }[] = await this.#sql<{ id: string }[]>`
        select organization_id as id from ledger.organizations_unsigned(${after}::text::uuid, ${SWEEP_PAGE})`;
      for (const { id } of rows) this.appended(id as OrganizationId);
      if (rows.length < SWEEP_PAGE) return;
      after = rows.at(-1)?.id ?? null;
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return pause(milliseconds, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined);
  }
}

type Outcome = SigningOutcome['outcome'] | 'failed';

/** Whoever else was signing may have signed an older head, or none. */
const again: ReadonlySet<Outcome> = new Set(['too_soon', 'busy', 'failed']);
const waiting: ReadonlySet<Outcome> = new Set(['refused', 'no_key']);

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
