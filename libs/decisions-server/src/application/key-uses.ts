import { inTenant, plainArray, textArray, type Sql } from '@countersign/postgres';
import type { AgentKeyId, OrganizationId } from '@countersign/kernel';
import type { Caller } from './pending.ts';

/** How coarse "last used" is: fine enough to find a forgotten key, and no write per request. */
const FLUSH_MILLISECONDS = 60_000;

/** Remembers which keys were used and writes it down now and then, outside the lock and for nobody's decision. */
export class KeyUses {
  readonly #used = new Map<OrganizationId, Map<AgentKeyId, number>>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly sql: Sql) {
    this.#timer = setInterval(() => void this.flush(), FLUSH_MILLISECONDS).unref();
  }

  note({ organizationId, keyId }: Caller): void {
    const keys = this.#used.get(organizationId);
    if (keys) keys.set(keyId, Date.now());
    else this.#used.set(organizationId, new Map([[keyId, Date.now()]]));
  }

  /** Losing a note is harmless, so a database that is away only means that it is written later or never. */
  async flush(): Promise<void> {
    const used = [...this.#used];
    this.#used.clear();
    await Promise.allSettled(used.map(([organizationId, keys]) => this.#write(organizationId, keys)));
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  async #write(organizationId: OrganizationId, keys: ReadonlyMap<AgentKeyId, number>): Promise<void> {
    await inTenant(
      this.sql,
      organizationId,
      (sql) => sql`
        insert into enforcement.agent_key_uses (organization_id, key_id, last_used_at)
        select ${organizationId}::text::uuid, key_id, last_used_at
          from unnest(${textArray([...keys.keys()])}::text::text[], ${plainArray([...keys.values()])}::text::bigint[]) as used (key_id, last_used_at)
        on conflict (organization_id, key_id) do update set last_used_at = greatest(agent_key_uses.last_used_at, excluded.last_used_at)`,
    );
  }
}
