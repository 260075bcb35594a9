import {
  askedOf,
  decide,
  keysOf,
  judge,
  newStanding,
  viewOf,
  partialEnforcement,
  type Action,
  type DecisionView,
} from '@countersign/decisions';
import { keyRefusal } from '@countersign/agents';
import type { Instant } from '@countersign/kernel';
import { inPipelinedTransaction, settled, type Sql } from '@countersign/postgres';
import { loadMoney } from '../adapters/money-rows.ts';
import { boundTo } from './case.ts';
import { newDecision } from './new-decision.ts';
import { KeyRefused, type Caller } from './pending.ts';
import type { ReadConfiguration } from './read-configuration.ts';

/**
 * Says what would be decided now. Takes no lock, records and holds nothing; by the time the agent reads it, it may
 * already be different. Needs a key with the scope `test`.
 */
export class DryRuns {
  constructor(
    private readonly reads: Sql,
    private readonly configurations: ReadConfiguration,
    private readonly processNow: () => Instant,
  ) {}

  async decide(caller: Caller, wished: Action): Promise<DecisionView> {
    const now = this.processNow();
    const configuration = await this.configurations.configuration(caller.organizationId);
    const key = configuration.key(caller.keyId);
    const asker = configuration.asker(caller.agentId);
    const refusal = keyRefusal(key, now);
    if (refusal || !key || !asker) throw new KeyRefused(refusal ?? 'revoked');
    if (!key.scopes.includes('test')) throw new KeyRefused('scope');

    const action = boundTo(key, wished);
    const judged = judge(configuration.stack(asker.agent, action.user), asker, action, now);
    const { calendar, stops } = configuration;
    const asked = askedOf(judged, asker, action, { calendar, now });
    const { counters, rates } = await this.#money(caller, keysOf(asked));
    const judgement = decide(judged, action, { now, asker, calendar, stops, counters, rates }, asked);
    const decided = newDecision(action, judged, judgement, {
      asker,
      keyId: caller.keyId,
      epoch: configuration.epoch,
      now,
    });
    const heldUntil = decided.hold?.expiresAt ?? null;
    return viewOf(decided, newStanding({ position: null, decidedAt: now, heldUntil, now }), false);
  }

  #money({ organizationId }: Caller, keys: ReturnType<typeof keysOf>) {
    const money = partialEnforcement();
    return inPipelinedTransaction(this.reads, async (transaction) => {
      const { sql, send, commit } = transaction;
      await settled([
        send(sql`select set_config('countersign.tenant', ${organizationId}::text, true)`),
        loadMoney(transaction, organizationId, money, { ...keys, holds: [] }),
      ]);
      await commit();
      return money;
    });
  }
}
