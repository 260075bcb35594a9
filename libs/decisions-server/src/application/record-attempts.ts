import { AgentAttempts } from '@countersign/agents';
import { partialEnforcement, type AnyEvent } from '@countersign/decisions';
import { instant, type Instant } from '@countersign/kernel';
import type { Additions, HeadTransactions, HeadWork, LockedHead } from '@countersign/ledger-server';
import type { PipelinedTransaction, Sql } from '@countersign/postgres';
import type { AgentKeys } from './agent-keys.ts';
import { streamOfEvent } from './command-stream.ts';
import { agentActor } from './agent-actor.ts';
import { Journal } from './journal.ts';
import type { Caller } from './pending.ts';

const MINUTE_MILLISECONDS = 60_000;

/** The attempts of one agent at one operation in one minute, beyond the first. */
interface Counted {
  readonly caller: Caller;
  readonly operation: string;
  readonly minute: Instant;
  count: number;
}

/**
 * Records what agents tried and may not do: the first of an agent, operation and minute at once, the rest as one count
 * when the minute is over, so that an agent cannot flood the ledger with refusals.
 */
export class RecordAttempts extends AgentAttempts {
  readonly #counted = new Map<string, Counted>();

  constructor(
    private readonly sql: Sql,
    private readonly transactions: HeadTransactions,
    private readonly keys: AgentKeys,
  ) {
    super();
  }

  override async record(keyHash: string, operation: string): Promise<void> {
    const caller = await this.keys.callerOfHash(keyHash);
    if (!caller) return;

    const minute = instant(Math.floor(Date.now() / MINUTE_MILLISECONDS) * MINUTE_MILLISECONDS);
    const key = `${caller.agentId} ${minute} ${operation}`;
    const known = this.#counted.get(key);
    if (known) {
      known.count += 1;
      return;
    }
    const counted: Counted = { caller, operation, minute, count: 0 };
    this.#counted.set(key, counted);
    setTimeout(() => void this.#recordRest(key, counted), minute + MINUTE_MILLISECONDS - Date.now()).unref();
    await this.#append(counted, 1);
  }

  /** When the process stops, what was counted so far is written down. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.#counted].map(([key, counted]) => this.#recordRest(key, counted)));
  }

  async #recordRest(key: string, counted: Counted): Promise<void> {
    this.#counted.delete(key);
    if (counted.count > 0) await this.#append(counted, counted.count).catch(() => undefined);
  }

  #append({ caller, operation, minute }: Counted, count: number): Promise<void> {
    const { agentId, keyId } = caller;
    const event: AnyEvent = { type: 'AgentAttemptRefused', data: { agentId, keyId, operation, minute, count } };
    return this.transactions.run(this.sql, caller.organizationId, new AttemptWork(caller, event));
  }
}

class AttemptWork implements HeadWork<[readonly { next: number }[]], void> {
  readonly #stream: string;

  constructor(
    private readonly caller: Caller,
    private readonly event: AnyEvent,
  ) {
    this.#stream = streamOfEvent(caller.organizationId, event);
  }

  load({ sql, send }: PipelinedTransaction): [Promise<readonly { next: number }[]>] {
    return [
      send(sql<{ next: number }[]>`
        select coalesce(max(stream_version), 0) + 1 as next from ledger.events
         where organization_id = ${this.caller.organizationId}::text::uuid and stream = ${this.#stream}::text`),
    ];
  }

  decide(head: LockedHead, [versions]: [readonly { next: number }[]]): Promise<Additions<void>> {
    const journal = new Journal(partialEnforcement(), head.now);
    const streamVersion = versions[0]?.next ?? 1;
    journal.record(this.event, { stream: this.#stream, streamVersion, actor: agentActor(this.caller) });
    return Promise.resolve({
      events: journal.events,
      configurationIndex: -1,
      requestKeys: [],
      write: () => [],
      result: () => undefined,
    });
  }
}
