import type { Agent } from '@countersign/agents';
import { toIso, type Instant } from '@countersign/kernel';
import type { Evaluation, Reason } from '@countersign/policy';
import type { RecordedReason } from './decision.events.ts';
import type { Judged } from './judge.ts';

/** A reason, and when asking again could succeed by itself as far as it is concerned; absent is never. */
export type TimedReason = RecordedReason & { readonly retryAt?: Instant | null };

/** Reasons that are neither a policy's nor a budget's. Codes are permanent. */
export const decisionCodes = {
  'agent.retired': 'The agent was retired; nothing it asks is allowed.',
  'agent.not_in_service': 'The agent is outside of its time in service.',
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

const notInService = (message: string, retryAt: Instant | null): TimedReason => ({
  ...unwritten,
  code: 'agent.not_in_service',
  effect: 'block',
  message,
  retryAt,
});

export const policyReasons = ({ reasons }: Evaluation): readonly TimedReason[] => reasons.map(policyReason);

/** Where no policy is to be named, the engine leaves the name empty; the ledger says null. */
export function policyReason({ policy, version, layer, detail, ...rest }: Reason): RecordedReason {
  const origin = policy === '' ? { policy: null, version: null, layer: null } : { policy, version, layer };
  return { ...rest, ...origin, ...(detail && { detail: { ...detail } }) };
}

/** A cost that was stated but cannot be priced, as the strictest policy in force wants it judged. */
export function priceReasons({ evaluation, metered }: Judged): readonly TimedReason[] {
  if (!metered.unknown) return NONE;
  const { code, message } = metered.unknown;
  const effect = code === 'price.unknown' && evaluation.unknownPrice === 'ask' ? 'ask' : 'block';
  return [{ ...unwritten, code, effect, message, retryAt: null }];
}
