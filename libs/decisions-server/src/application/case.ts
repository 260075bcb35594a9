import { keyRefusal, type AgentKey } from '@countersign/agents';
import { askedOf, judge, type Action, type Asked, type Asker, type Judged } from '@countersign/decisions';
import type { Instant } from '@countersign/kernel';
import type { LockedHead } from '@countersign/ledger-server';
import type { Configuration } from './configuration.ts';
import { KeyRefused, type Pending, type PendingAction, type PendingTake } from './pending.ts';

/** One request as its batch sees it: who asks as of this epoch, and for an action what policy says. */
export interface Case {
  readonly pending: Pending;
  readonly asker: Asker;
  /** Null for what policy does not judge. */
  readonly judged: JudgedAction | null;
}

/** An action, what policy says of it, and what it asks of budgets and rates at this instant. */
export interface JudgedAction {
  readonly action: Action;
  readonly judged: Judged;
  readonly asked: Asked;
}

export interface RefusedCase {
  readonly pending: Pending;
  readonly error: unknown;
}

export const isRefused = (each: Case | RefusedCase): each is RefusedCase => 'error' in each;

/** Whoever was authenticated before the queue is judged again: a key revoked meanwhile decides nothing. */
export function caseOf(pending: Pending, configuration: Configuration, head: LockedHead): Case | RefusedCase {
  try {
    const { caller, request } = pending;
    const key = liveKey(configuration.key(caller.keyId), head.now);
    const asker = configuration.asker(caller.agentId);
    if (!asker) throw new KeyRefused('revoked');
    return {
      pending,
      asker,
      judged: 'action' in request ? judgedAt(request, { asker, key }, configuration, head) : null,
    };
  } catch (error) {
    return { pending, error };
  }
}

/** @throws {KeyRefused} for a key that may not act now. */
export function liveKey(key: AgentKey | undefined, now: Instant): AgentKey {
  const refusal = keyRefusal(key, now);
  if (!key || refusal) throw new KeyRefused(refusal ?? 'revoked');
  if (!key.scopes.includes('act')) throw new KeyRefused('scope');
  return key;
}

/** A key bound to one user speaks for that user and no other: `user` is otherwise only the agent's claim. */
export function boundTo({ boundUser }: AgentKey, action: Action): Action {
  if (boundUser === null || action.user === boundUser) return action;
  if (action.user !== undefined) throw new KeyRefused('user');
  return { ...action, user: boundUser };
}

/** What was judged before the queue stands, unless the configuration moved or a condition read the clock. */
function judgedAt(
  { action: asked, early }: PendingAction | PendingTake,
  { asker, key }: { readonly asker: Asker; readonly key: AgentKey },
  configuration: Configuration,
  { now }: LockedHead,
): JudgedAction {
  const action = boundTo(key, asked);
  const isExact = early?.epoch === configuration.epoch && !early.judged.evaluation.usesNow && action === asked;
  const judged = isExact ? early.judged : judge(configuration.stack(asker.agent, action.user), asker, action, now);
  return { action, judged, asked: askedOf(judged, asker, action, { calendar: configuration.calendar, now }) };
}
