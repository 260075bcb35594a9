import type { Agent } from '@countersign/agents';
import { toIso, type Instant } from '@countersign/kernel';
import type { Evaluation, Reason } from '@countersign/policy';
import type { Stop } from '@countersign/stops';
import type { RecordedReason } from './decision.events.ts';
import type { Judged } from './judge.ts';

/** A reason, and when asking again could succeed by itself as far as it is concerned; absent is never. */
export type TimedReason = RecordedReason & { readonly retryAt?: Instant | null };

/** Reasons that are neither a policy's nor a budget's. Codes are permanent. */
export const decisionCodes = {
  'stop.active': 'A stop covers the action; nothing in its scope passes until it is lifted.',
  'agent.retired': 'The agent was retired; nothing it asks is allowed.',
  'agent.not_in_service': 'The agent is outside of its time in service.',
  'approvals.untold':
    'An edited action could not be told to its agent, because a policy or a secret hides a part of it.',
} as const;

const unwritten = { policy: null, version: null, layer: null, rule: null, line: null } as const;

/** A retired agent still has keys that authenticate, and is told why it may do nothing. */
export function agentReasons({ name, status, profile }: Agent, now: Instant): readonly TimedReason[] {
  if (status === 'retired')
    return [
      { ...unwritten, code: 'agent.retired', effect: 'block', message: `agent \`${name}\` was retired`, retryAt: null },
    ];

  const { inServiceFrom, inServiceTo } = profile;
  if (inServiceFrom !== undefined && now < inServiceFrom)
    return [notInService(`agent \`${name}\` is in service from ${toIso(inServiceFrom)}`, inServiceFrom)];
  if (inServiceTo !== undefined && now >= inServiceTo)
    return [notInService(`agent \`${name}\` was in service until ${toIso(inServiceTo)}`, null)];
  return NONE;
}

const NONE: readonly TimedReason[] = [];

/** Stops are lifted by people, so asking again never helps by itself. */
export const stopReasons = (stops: readonly Stop[]): readonly TimedReason[] =>
  stops.length === 0 ? NONE : stops.map(stopReason);

const stopReason = ({ stopId, scope, reason }: Stop): TimedReason => ({
  ...unwritten,
  code: 'stop.active',
  effect: 'block',
  message: `${stoppedScope(scope)} is stopped${reason === '' ? '' : `: ${reason}`}`,
  detail: { stopId },
  retryAt: null,
});

function stoppedScope(scope: Stop['scope']): string {
  if (scope.kind === 'intent') return `\`${scope.pattern}\``;
  return scope.kind === 'organization' ? 'everything' : `this ${scope.kind}`;
}

const notInService = (message: string, retryAt: Instant | null): TimedReason => ({
  ...unwritten,
  code: 'agent.not_in_service',
  effect: 'block',
  message,
  retryAt,
});

export const policyReasons = ({ reasons }: Evaluation): readonly TimedReason[] => reasons.map(policyReason);

/** A compiled rule gives the same reason every time, so what is recorded of it is the same too. */
const recordedReasons = new WeakMap<Reason, RecordedReason>();

/** Where no policy is to be named, the engine leaves the name empty; the ledger says null. */
export function policyReason(reason: Reason): RecordedReason {
  const known = recordedReasons.get(reason);
  if (known) return known;

  const { policy, version, layer, detail, ...rest } = reason;
  const origin = policy === '' ? { policy: null, version: null, layer: null } : { policy, version, layer };
  const recorded = { ...rest, ...origin, ...(detail && { detail: { ...detail } }) };
  recordedReasons.set(reason, recorded);
  return recorded;
}

/** A cost that was stated but cannot be priced, as the strictest policy in force wants it judged. */
export function priceReasons({ evaluation, metered }: Judged): readonly TimedReason[] {
  if (!metered.unknown) return NONE;
  const { code, message } = metered.unknown;
  const effect = code === 'price.unknown' && evaluation.unknownPrice === 'ask' ? 'ask' : 'block';
  return [{ ...unwritten, code, effect, message, retryAt: null }];
}
