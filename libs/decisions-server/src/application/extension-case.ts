import type { CounterKey } from '@countersign/budgets';
import {
  extensionKeysOf,
  judge,
  type Action,
  type ActionDecided,
  type Asker,
  type DecisionHistory,
  type Judged,
} from '@countersign/decisions';
import type { DecisionId } from '@countersign/kernel';
import type { LockedHead } from '@countersign/ledger-server';
import { streamOf, unknownDecision } from '../adapters/histories.ts';
import { isRefused, type Case, type RefusedCase } from './case.ts';
import type { Configuration } from './configuration.ts';
import type { Extension } from './extension.ts';

/** Under which configuration and at which instant an extension is judged. */
interface Moment {
  readonly configuration: Configuration;
  readonly head: LockedHead;
}

/** A decision of another agent looks like one that does not exist. */
export function ownHistory(
  { pending }: Pick<Case, 'pending'>,
  decisionId: DecisionId,
  { histories }: { readonly histories: ReadonlyMap<string, DecisionHistory> },
): DecisionHistory {
  const history = histories.get(streamOf(decisionId)) ?? unknownDecision;
  return history.decided?.agent.id === pending.caller.agentId ? history : unknownDecision;
}

/** The action as it was decided, with the extension's cost in place of its own, judged by today's policies. */
export function judgeExtension(
  { action, requestId }: ActionDecided,
  { cost }: Extension,
  asker: Asker,
  { configuration, head }: Moment,
): { readonly asked: Action; readonly judged: Judged } {
  const { cost: _cost, ...rest } = action;
  const asked: Action = { ...rest, requestId, ...(cost !== undefined && { cost }) };
  return { asked, judged: judge(configuration.stack(asker.agent, action.user), asker, asked, head.now) };
}

/** Which counters deciding an extension will read; none for other requests. */
export function extensionKeys(
  each: Case | RefusedCase,
  moment: Moment & { readonly histories: ReadonlyMap<string, DecisionHistory> },
): readonly CounterKey[] {
  const { request } = each.pending;
  if (isRefused(each) || request.kind !== 'extension') return [];
  const { decided } = ownHistory(each, request.decisionId, moment);
  if (!decided) return [];
  const { asked, judged } = judgeExtension(decided, request.extension, each.asker, moment);
  const { calendar } = moment.configuration;
  return extensionKeysOf(judged, each.asker, asked, { calendar, now: moment.head.now }).counters;
}
