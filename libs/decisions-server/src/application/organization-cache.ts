import { partialEnforcement, type PartialEnforcement } from '@countersign/decisions';
import type { OrganizationId } from '@countersign/kernel';
import type { LockedHead } from '@countersign/ledger-server';
import type { PipelinedTransaction } from '@countersign/postgres';
import { readConfiguration } from '../adapters/configuration-rows.ts';
import { CompiledPolicies, Configuration } from './configuration.ts';

/** So many counters, holds and rate windows are remembered; beyond that they are read again. */
const ROWS_MAX = 10_000;

/**
 * What one process remembers of one organization. Exact, not merely fresh: configuration counts under the epoch it was
 * read at, and money only while the locked head still has the size it had after our own last batch, because whatever
 * changes money appends.
 */
export class OrganizationCache {
  #configuration: Configuration;
  readonly #compiled = new CompiledPolicies();
  #money: { readonly state: PartialEnforcement; readonly size: number } | null = null;

  constructor(private readonly organizationId: OrganizationId) {
    this.#configuration = Configuration.empty(organizationId);
  }

  /** The configuration last read, for judging before the queue. Its epoch says under which head it is exact. */
  get latest(): Configuration {
    return this.#configuration;
  }

  /** Exact under the locked head; read anew when the epoch has moved, and then only from committed rows. */
  async configurationAt({ epoch }: LockedHead, transaction: PipelinedTransaction): Promise<Configuration> {
    if (this.#configuration.epoch === epoch) return this.#configuration;
    const state = await readConfiguration(transaction, this.organizationId);
    this.#configuration = new Configuration(this.organizationId, epoch, state, this.#compiled);
    return this.#configuration;
  }

  /** What is known of money under the locked head: everything remembered, or nothing. Taken until `keep` gives it back. */
  takeMoney({ size }: LockedHead): PartialEnforcement {
    const remembered = this.#money;
    this.#money = null;
    if (remembered?.size === size && knownRows(remembered.state) < ROWS_MAX) return remembered.state;
    return partialEnforcement();
  }

  /** Only after a commit that is known: until then the rows in memory may be of a batch that never happened. */
  keep(state: PartialEnforcement, size: number): void {
    this.#money = { state, size };
  }
}

const knownRows = ({ counters, holds, rates, approvals, grants, liftedStops }: PartialEnforcement) =>
  [counters, holds, rates, approvals, grants, liftedStops].reduce((sum, { knownSize }) => sum + knownSize, 0);
