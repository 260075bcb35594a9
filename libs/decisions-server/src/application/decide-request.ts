import {
  decide,
  decideExtension,
  decideOutcome,
  expired,
  extendedHistory,
  pricingOf,
  reasonsTold,
  setAside,
  type ActionDecided,
  type DecisionEvent,
  type DecisionHistory,
  type Facts,
  type HeldEntry,
  type OutcomeReported,
} from '@countersign/decisions';
import { unreachable, type DecisionId } from '@countersign/kernel';
import { streamOf, unknownDecision } from '../adapters/histories.ts';
import { agentActor } from './agent-actor.ts';
import { answerQuestion } from './answer-question.ts';
import type { BatchFacts } from './batch.ts';
import type { Case } from './case.ts';
import { judgeExtension, ownHistory } from './extension-case.ts';
import { expireIfDue } from './expire-if-due.ts';
import { newDecision } from './new-decision.ts';
import type { Answer, PendingAction, PendingCancel, PendingExtension, PendingOutcome } from './pending.ts';
import { settledAsk, type SettledAsk } from './settle-ask.ts';
import { settledByUnit } from './settled-by-unit.ts';
import { takePermit } from './take-permit.ts';

type Answering = () => Answer;

/**
 * Decides one request and records what follows from it; the answer is made for after the commit. `asks` where people are
 * asked and what waits for them was not read yet: then nothing was recorded.
 */
export function decideRequest(each: Case, facts: BatchFacts): Answering | 'asks' {
  const { request } = each.pending;
  switch (request.kind) {
    case 'action':
      return decideAction(each, request, facts);
    case 'outcome':
      return reportOutcome(each, request, facts);
    case 'extension':
      return extendHold(each, request, facts);
    case 'cancel':
      return cancelAsk(each, request, facts);
    case 'take': {
      const answer = takePermit(each, request, facts, factsFor(each, facts));
      return () => answer;
    }
    case 'answer': {
      const answer = answerQuestion(each, request, facts);
      return () => answer;
    }
    default:
      return unreachable(request);
  }
}

function decideAction(each: Case, { requestKey }: PendingAction, facts: BatchFacts): Answering | 'asks' {
  const { pending, asker, judged } = each;
  const { head, configuration } = facts;
  const known = facts.decidedRequests.get(requestKey);
  if (known !== undefined) return () => ({ kind: 'repeat', position: known });
  if (!judged) throw new Error('an action was not judged');

  const { action } = judged;
  const standing = factsFor(each, facts);
  const first = decide(judged.judged, action, standing, judged.asked);
  if (first.verdict === 'ask' && !facts.asks.isKnown(pending.caller.agentId)) return 'asks';

  const asked = first.verdict === 'ask' ? settledAsk(each, judged, first, { facts: standing, batch: facts }) : null;
  const judgement = asked?.judgement ?? first;
  const origin = { asker, keyId: pending.caller.keyId, epoch: configuration.epoch, now: head.now, people: asked };
  const data = newDecision(action, judged.judged, judgement, origin);
  const index = recordDecision(each, data, { asked, held: judgement.held, facts });
  const position = head.size + index;
  facts.decidedRequests.set(requestKey, position);
  facts.newRequests.push({ key: requestKey, index });
  return () => ({ kind: 'decided', decided: data, figures: judgement.figures, position, at: head.now });
}

interface Recording {
  readonly asked: SettledAsk | null;
  readonly held: readonly HeldEntry[];
  readonly facts: BatchFacts;
}

/** A plain allow is folded by its numbers: reading them back from its text would take longer than deciding it. */
function recordDecision({ pending }: Case, data: ActionDecided, { asked, held, facts }: Recording): number {
  const event = { type: 'ActionDecided', data } as const;
  const place = { stream: streamOf(data.decisionId), streamVersion: 1, actor: agentActor(pending.caller) };
  if (!asked) {
    setAsideFor(data, held, facts);
    return facts.journal.recordFolded(event, place);
  }
  if (data.approval) facts.asks.expect(data.approval.id);
  return facts.journal.record(event, place);
}

function setAsideFor({ decisionId, agent, hold, rates }: ActionDecided, held: readonly HeldEntry[], facts: BatchFacts) {
  if (hold === null) return;
  const { expiresAt } = hold;
  setAside(facts.money, decisionId, {
    agentId: agent.id,
    expiresAt,
    held,
    rates,
    at: facts.head.now,
    streamVersion: 1,
  });
}

const factsFor = ({ asker }: Pick<Case, 'asker'>, { head, configuration, money }: BatchFacts): Facts => ({
  now: head.now,
  asker,
  calendar: configuration.calendar,
  stops: configuration.stops,
  counters: money.counters,
  rates: money.rates,
});

function reportOutcome(each: Case, { decisionId, report }: PendingOutcome, facts: BatchFacts): Answering {
  const { head, configuration } = facts;
  const known = knownOf(each, decisionId, facts);
  const pricing = pricingOf(configuration.stack(each.asker.agent, undefined), head.now);
  const decision = decideOutcome(decisionId, report, { ...known, pricing });
  if (decision.outcome === 'rejected') return () => ({ kind: 'refused', rejection: decision.rejection });
  if (decision.events.length === 0) return repeatedOutcome(known.history);

  const position = recordInStream(decision.events, decisionId, { each, facts, streamVersion: known.streamVersion });
  const outcome = decision.events[0]?.data as OutcomeReported;
  const settled = settledByUnit(known.open ?? known.history.entries, outcome);
  return () => ({ kind: 'reported', outcome, settled, position, isRepeat: false });
}

/** What a report is judged by: the open hold if it is the caller's own, else what the ledger says. */
function knownOf(each: Case, decisionId: DecisionId, facts: BatchFacts) {
  const wasDue = expireIfDue(decisionId, facts) !== null;
  const hold = facts.money.holds.get(decisionId);
  if (hold?.agentId === each.pending.caller.agentId)
    return { open: hold.entries, history: unknownDecision, streamVersion: hold.streamVersion };

  const before = ownHistory(each, decisionId, facts);
  const history = wasDue ? { ...expired(before), streamVersion: before.streamVersion + 1 } : before;
  return { open: null, history, streamVersion: history.streamVersion };
}

function repeatedOutcome({ entries, outcome, outcomePosition }: DecisionHistory): Answering {
  const known = outcome as OutcomeReported;
  const settled = settledByUnit(entries, known);
  return () => ({ kind: 'reported', outcome: known, settled, position: outcomePosition ?? 0, isRepeat: true });
}

interface InStream {
  readonly each: Case;
  readonly facts: BatchFacts;
  /** The version of the stream's last event so far. */
  readonly streamVersion: number;
}

/** Records what follows from one request, one after another in the decision's stream; gives the first position. */
function recordInStream(
  events: readonly DecisionEvent[],
  decisionId: DecisionId,
  { each, facts, streamVersion }: InStream,
): number {
  const stream = streamOf(decisionId);
  const actor = agentActor(each.pending.caller);
  const [first = 0] = events.map((event, index) =>
    facts.journal.record(event, { stream, streamVersion: streamVersion + 1 + index, actor }),
  );
  return facts.head.size + first;
}

function extendHold(each: Case, { decisionId, extension }: PendingExtension, facts: BatchFacts): Answering {
  const { head, journal, money, configuration } = facts;
  const history = ownHistory(each, decisionId, facts);
  if (history.decided) expireIfDue(decisionId, facts);
  const hold = money.holds.get(decisionId);
  if (!history.decided) return () => ({ kind: 'refused', rejection: { code: 'decision.not_found' } });
  const before = history.extensions.get(extension.extensionId);
  const { explain } = history.decided;
  if (before) return () => extended(before, explain);
  if (!hold) return () => ({ kind: 'refused', rejection: { code: 'extension.not_running' } });

  const { asked, judged } = judgeExtension(history.decided, extension, each.asker, { configuration, head });
  const data = decideExtension({ decisionId, hold, extension, asked, judged }, factsFor(each, facts));
  journal.record(
    { type: 'ExtensionDecided', data },
    { stream: streamOf(decisionId), streamVersion: hold.streamVersion + 1, actor: agentActor(each.pending.caller) },
  );
  return () => extended(data, explain);
}

type ExtensionDecided = ReturnType<typeof decideExtension>;

/** The same rule as for decisions: an agent reads no figures of budgets wider than itself. */
const extended = (
  { verdict, reasons, expiresAt, retryAt }: ExtensionDecided,
  explain: ActionDecided['explain'],
): Answer => ({
  kind: 'extended',
  verdict,
  reasons: reasonsTold(reasons, explain),
  expiresAt,
  retryAt,
});

/** Only while it waits: what people have approved, they take back. */
function cancelAsk(each: Case, { decisionId }: PendingCancel, facts: BatchFacts): Answering {
  const history = ownHistory(each, decisionId, facts);
  const { decided, isCancelled, streamVersion } = history;
  if (!decided) return () => ({ kind: 'refused', rejection: { code: 'decision.not_found' } });
  if (isCancelled) return () => ({ kind: 'cancelled' });
  const approval = decided.approval && facts.asks.current(decided.approval.id);
  if (approval?.status !== 'pending') return () => ({ kind: 'refused', rejection: { code: 'ask.not_pending' } });

  const event = { type: 'AskCancelled', data: { decisionId, approvalId: approval.approvalId } } as const;
  const stream = streamOf(decisionId);
  const actor = agentActor(each.pending.caller);
  const index = facts.journal.record(event, { stream, streamVersion: streamVersion + 1, actor });
  const { now: recordedAt, size } = facts.head;
  facts.histories.set(stream, extendedHistory(history, { event, position: size + index, recordedAt }));
  return () => ({ kind: 'cancelled' });
}
