import {
  decide,
  groundOf,
  involvedWith,
  settleAsk,
  type AskSettlement,
  type Facts,
  type Judgement,
} from '@countersign/decisions';
import { formatAmount } from '@countersign/kernel';
import type { BatchFacts } from './batch.ts';
import type { Case, JudgedAction } from './case.ts';
import { digestOf, type WithPeople } from './new-decision.ts';

/** What an asked action came to, and what its event says of people. */
export interface SettledAsk extends WithPeople {
  readonly judgement: Judgement;
}

/**
 * Settles an action that was judged `ask`: by a grant, by an equal ask that waits, or by asking. The open asks of its
 * agent are loaded.
 */
export function settledAsk(
  { pending, asker }: Case,
  { action, judged, asked }: JudgedAction,
  judgement: Judgement,
  { facts, batch }: { readonly facts: Facts; readonly batch: BatchFacts },
): SettledAsk {
  const { asks, configuration, head } = batch;
  const { agentId } = pending.caller;
  const stack = configuration.stack(asker.agent, action.user);
  const { people, stops, state } = configuration;
  const settlement = settleAsk(
    { action, asker, judged, judgement, stack },
    {
      pending: asks.pendingOf(agentId),
      grants: asks.grantsOf(agentId),
      groundOf: (grant) => groundOf(grant, { state, people, stops, now: head.now, stackOf: () => stack }),
      digestOf: (salt) => digestOf(Buffer.from(salt, 'base64'), agentId, action),
      now: head.now,
    },
  );
  const settled = settledBy(settlement, judgement, (passage) => decide(judged, action, { ...facts, passage }, asked));
  return { ...settled, involved: [...involvedWith(state, agentId, head.now)].sort() };
}

type Granted = Extract<AskSettlement, { kind: 'granted' }>;

function settledBy(
  settlement: AskSettlement,
  judgement: Judgement,
  decideAgain: (passage: Granted['passage']) => Judgement,
): Omit<SettledAsk, 'involved'> {
  switch (settlement.kind) {
    case 'granted': {
      const grant = { id: settlement.grant.grantId, usd: formatAmount('usd', settlement.nanos) };
      return { judgement: decideAgain(settlement.passage), joined: null, grant };
    }
    case 'joined':
      return { judgement, joined: settlement.approval, grant: null };
    case 'refused':
      return { judgement: settlement.judgement, joined: null, grant: null };
    default:
      return { judgement, joined: null, grant: null };
  }
}
