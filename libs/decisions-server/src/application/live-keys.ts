import type { AgentKey } from '@countersign/agents';
import { keyRefusal } from '@countersign/agents';
import type { Instant } from '@countersign/kernel';
import { inTenant, type Sql } from '@countersign/postgres';
import { KeyRefused, type Caller } from './pending.ts';

/** Judges keys for requests that take no lock: each time, and again whenever such a request wakes up. */
export class LiveKeys {
  constructor(
    private readonly reads: Sql,
    private readonly processNow: () => Instant,
  ) {}

  /** @throws {KeyRefused} for a key that was revoked or has expired by now. */
  async check({ organizationId, keyId }: Caller): Promise<void> {
    const [row] = await inTenant(
      this.reads,
      organizationId,
      (sql) => sql<{ details: string }[]>`
        select details from enforcement.agent_keys
         where organization_id = ${organizationId}::text::uuid and key_id = ${keyId}::text`,
    );
    const refusal = keyRefusal(row && (JSON.parse(row.details) as AgentKey), this.processNow());
    if (refusal) throw new KeyRefused(refusal);
  }
}
