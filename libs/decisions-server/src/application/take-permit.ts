import { answerTake, type Approval } from '@countersign/approvals';
import {
  decideTaking,
  electorateOf,
  extendedHistory,
  permitReason,
  type DecisionHistory,
  type Facts,
  type Judgement,
  type TakeDecided,
} from '@countersign/decisions';
import { streamOf } from '../adapters/histories.ts';
import type { BatchFacts } from './batch.ts';
import type { Case, JudgedAction } from './case.ts';
import { agentActor } from './agent-actor.ts';
import { ownHistory } from './extension-case.ts';
import { digestOf, recordedParts } from './new-decision.ts';
import type { PendingTake, TakeAnswer, TakeRejection } from './pending.ts';

/** The permit that a take is about, and what its action comes to with the salt of what was approved. */
interface Taking {
  readonly request: PendingTake;
  readonly history: DecisionHistory;
  readonly approval: Approval;
  readonly judged: JudgedAction;
  readonly digest: TakeDecided['digest'];
}

/**
 * Takes a permit, at most once ever, for exactly what was approved (I5). What is a mistake about where the decision stands
 * is refused; everything else is a decision on the take, and recorded. The same take id has the same answer.
 */
export function takePermit(each: Case, request: PendingTake, batch: BatchFacts, facts: Facts): TakeAnswer {
  const found = findTaking(each, request, batch);
  if ('code' in found) return { kind: 'refused', rejection: found };

  const { history, approval, digest } = found;
  const known = history.takes.get(request.takeId);
  if (known)
    return known.take.digest.value === digest.value
      ? { kind: 'taken', take: known }
      : { kind: 'refused', rejection: { code: 'take.reused' } };

  const { takeId } = request;
  const answer = answerTake(
    approval,
    { takeId, digestOf: () => digest.value },
    batch.asks.stopsOver(approval),
    batch.head.now,
  );
  if (answer.answer === 'refused' && answer.isConflict) return { kind: 'refused', rejection: { code: answer.code } };
  // Another decision that joined the same approval has it.
  if (answer.answer === 'repeat') return { kind: 'refused', rejection: { code: 'permit.taken' } };
  return answer.answer === 'free' ? decideFree(each, found, batch, facts) : decideMismatch(each, found, batch);
}

function findTaking(each: Case, request: PendingTake, batch: BatchFacts): Taking | TakeRejection {
  const { decisionId } = request;
  const history = ownHistory(each, decisionId, batch);
  if (!history.decided) return { code: 'decision.not_found' };
  const approvalId = history.decided.approval?.id;
  const approval = approvalId === undefined ? undefined : batch.asks.current(approvalId);
  if (!approval?.decisions.includes(decisionId)) return { code: 'permit.none' };
  if (!each.judged) throw new Error('an action was not judged');

  const { salt } = approval.digest;
  const value = digestOf(Buffer.from(salt, 'base64'), each.pending.caller.agentId, each.judged.action);
  return { request, history, approval, judged: each.judged, digest: { salt, value } };
}

function decideFree(each: Case, taking: Taking, batch: BatchFacts, facts: Facts): TakeAnswer {
  const { approval, judged } = taking;
  const { head, configuration } = batch;
  const { state, people } = configuration;
  const electorate = electorateOf(state, each.asker.agent.agentId, head.now, people);
  const { judgement, isVoid } = decideTaking({ approval, ...judged }, facts, electorate);
  const answer = record(each, taking, judgement, batch);
  const { approvalId } = approval;
  if (isVoid)
    batch.asks.record(approvalId, { type: 'PermitLapsed', data: { approvalId, why: 'policy', lapsedAt: head.now } });
  return answer;
}

/** The permit is for another action, and stays as it was: what this one would have come to is nobody's business. */
function decideMismatch(each: Case, taking: Taking, batch: BatchFacts): TakeAnswer {
  const judgement: Judgement = {
    verdict: 'block',
    reasons: [permitReason('permit.mismatch', 'block')],
    ...{ requirements: [], budgetAsks: [], budgets: [], figures: [], rates: [], held: [] },
    ...{ holdExpiresAt: null, retryAt: null },
  };
  return record(each, taking, judgement, batch);
}

function record(each: Case, taking: Taking, judgement: Judgement, batch: BatchFacts): TakeAnswer {
  const { request, history, approval, judged, digest } = taking;
  const { head, configuration, journal } = batch;
  const { takeId, decisionId } = request;
  const parts = recordedParts(judged.action, judged.judged, judgement, {
    asker: each.asker,
    keyId: each.pending.caller.keyId,
    epoch: configuration.epoch,
    now: head.now,
  });
  const { verdict } = judgement;
  const take: TakeDecided = {
    ...{ decisionId, approvalId: approval.approvalId, takeId, digest },
    ...parts,
    verdict: verdict === 'allow' ? 'allow' : 'block',
  };
  const event = { type: 'TakeDecided', data: take } as const;
  const stream = streamOf(decisionId);
  const streamVersion = history.streamVersion + 1;
  const position = head.size + journal.record(event, { stream, streamVersion, actor: agentActor(each.pending.caller) });
  const at = head.now;
  // Whatever else of this batch is about the decision goes on from here.
  batch.histories.set(stream, extendedHistory(history, { event, position, recordedAt: at }));
  return { kind: 'taken', take: { take, position, at } };
}
