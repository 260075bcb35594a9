import { hash as digest } from 'node:crypto';
import type { AgentId, AgentKeyId, OrganizationId } from '@countersign/kernel';
import type { Sql } from '@countersign/postgres';
import type { Caller } from './pending.ts';

/** So many keys are remembered. What a key's hash belongs to never changes; whether it may act is judged elsewhere. */
const KEYS_MAX = 10_000;

const KEY_SHAPE = /^csk_[A-Za-z0-9_-]{20,100}$/;

interface KeyRow {
  readonly organization_id: string;
  readonly key_id: string;
  readonly agent_id: string;
}

/** Finds who a key belongs to. Revocation and expiry are not its business: they are exact under the head lock. */
export class AgentKeys {
  readonly #callers = new Map<string, Caller>();

  constructor(private readonly sql: Sql) {}

  /** Null for anything that is no key of ours. */
  async callerOf(key: string): Promise<Caller | null> {
    return KEY_SHAPE.test(key) ? this.callerOfHash(keyHash(key)) : null;
  }

  /** Unknown hashes are asked for every time, so that a new key works at once. Keys themselves are not kept. */
  async callerOfHash(hash: string): Promise<Caller | null> {
    return this.#callers.get(hash) ?? this.#find(hash);
  }

  async #find(hash: string): Promise<Caller | null> {
    const [row] = await this.sql<KeyRow[]>`select * from enforcement.authenticate_agent_key(${hash})`;
    if (!row) return null;

    const caller: Caller = {
      organizationId: row.organization_id as OrganizationId,
      agentId: row.agent_id as AgentId,
      keyId: row.key_id as AgentKeyId,
    };
    if (this.#callers.size >= KEYS_MAX) this.#callers.clear();
    this.#callers.set(hash, caller);
    return caller;
  }
}

export const keyHash = (key: string) => digest('sha256', key, 'hex');
