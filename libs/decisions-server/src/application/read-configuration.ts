import { Configurations, type EnforcementState } from '@countersign/decisions';
import type { OrganizationId } from '@countersign/kernel';
import { inPipelinedTransaction, safeInteger, settled, type Sql } from '@countersign/postgres';
import { readConfiguration } from '../adapters/configuration-rows.ts';
import { CompiledPolicies, Configuration } from './configuration.ts';

/** Reads configuration without the lock, for whoever only looks. */
export class ReadConfiguration extends Configurations {
  readonly #compiled = new Map<OrganizationId, CompiledPolicies>();

  constructor(private readonly reads: Sql) {
    super();
  }

  override async read(
    organizationId: OrganizationId,
  ): Promise<{ readonly state: EnforcementState; readonly position: number }> {
    const { state, size } = await this.#read(organizationId);
    return { state, position: size - 1 };
  }

  /** Ready to judge, as of a moment ago. */
  async configuration(organizationId: OrganizationId): Promise<Configuration> {
    const { state, epoch } = await this.#read(organizationId);
    const compiled = this.#compiled.get(organizationId) ?? new CompiledPolicies();
    this.#compiled.set(organizationId, compiled);
    return new Configuration(organizationId, epoch, state, compiled);
  }

  #read(organizationId: OrganizationId): Promise<{ state: EnforcementState; size: number; epoch: number }> {
    return inPipelinedTransaction(this.reads, async (transaction) => {
      const { sql, send, commit } = transaction;
      const [, , heads, state] = await settled([
        send(sql`set transaction isolation level repeatable read, read only`),
        send(sql`select set_config('countersign.tenant', ${organizationId}::text, true)`),
        send(sql<{ size: bigint; epoch: bigint }[]>`
          select size, epoch from ledger.heads where organization_id = ${organizationId}::text::uuid`),
        readConfiguration(transaction, organizationId),
      ]);
      await commit();
      return { state, size: safeInteger(heads[0]?.size ?? 0n), epoch: safeInteger(heads[0]?.epoch ?? -1n) };
    });
  }
}
