import { nodeCrypto, newId, randomBytes } from '@countersign/crypto';
import type { ActionDecided, Action, Asker, Judged, Judgement, RecordedAction } from '@countersign/decisions';
import {
  canonicalJson,
  parsePathPattern,
  redactPaths,
  redactSecrets,
  redactSecretsIn,
  type JsonValue,
} from '@countersign/json';
import type { Evaluation } from '@countersign/policy';
import { instant, type AgentKeyId, type ApprovalId, type DecisionId, type Instant } from '@countersign/kernel';

const encoder = new TextEncoder();

/**
 * What approvers, permits and events call an action: SHA-256 over a salt and the RFC 8785 form of everything that
 * makes the action what it is. Salted for each action, so that a digest alone betrays nothing.
 */
export function digestOf(
  salt: Uint8Array,
  agentId: string,
  { intent, target, args, user, run, cost, context }: Action,
): string {
  const covered = canonicalJson({
    agent: agentId,
    args: (args ?? null) as JsonValue,
    cost: (cost ?? null) as JsonValue,
    intent,
    onBehalfOf: context?.onBehalfOf ?? null,
    run: run ?? null,
    target,
    user: user ?? null,
  });
  const bytes = new Uint8Array(salt.length + 3 * covered.length);
  bytes.set(salt);
  const { written } = encoder.encodeInto(covered, bytes.subarray(salt.length));
  return Buffer.from(nodeCrypto.sha256(bytes.subarray(0, salt.length + written))).toString('hex');
}

export interface Origin {
  readonly asker: Asker;
  readonly keyId: AgentKeyId;
  readonly epoch: number;
  readonly now: Instant;
}

/** The event of one decision: everything that explains it and everything that would decide it again. */
export function newDecision(action: Action, judged: Judged, judgement: Judgement, origin: Origin): ActionDecided {
  const { asker, keyId, epoch, now } = origin;
  const salt = randomBytes(32);
  const { recorded, redacted } = recordedAction(action, judged);
  const { agent, team } = asker;
  const { shadow, outcomes, explain } = judged.evaluation;
  return {
    decisionId: newId<DecisionId>('dec', now),
    requestId: action.requestId,
    agent: {
      id: agent.agentId,
      name: agent.name,
      team: team.teamId,
      teamName: team.name,
      environment: agent.profile.environment,
      riskClass: agent.profile.riskClass,
      key: keyId,
    },
    action: recorded,
    ...(redacted.length > 0 && { redacted }),
    ...(outcomes.length > 0 && { outcomes: [...outcomes] }),
    digest: { salt: Buffer.from(salt).toString('base64'), value: digestOf(salt, agent.agentId, action) },
    verdict: judgement.verdict,
    reasons: [...judgement.reasons],
    ...(shadow.length > 0 && {
      shadow: shadow.map((one) => ({ ...one, reasons: one.reasons.map((reason) => ({ ...reason })) })),
    }),
    explain,
    epoch,
    ...(judged.metered.price && { price: judged.metered.price }),
    budgets: [...judgement.budgets],
    rates: [...judgement.rates],
    hold: judgement.holdExpiresAt === null ? null : { expiresAt: judgement.holdExpiresAt },
    approval: approvalOf(judgement, team.name, now),
    retryAt: judgement.retryAt,
  };
}

/** What people may read later: by default everything, but never what looks like a secret or a policy hides. */
function recordedAction(action: Action, { evaluation }: Judged): { recorded: RecordedAction; redacted: string[] } {
  const { requestId: _requestId, dryRun: _dryRun, args, target, reason, ...rest } = action;
  const shown = args === undefined ? NOTHING_SHOWN : shownArgs(args, evaluation);
  const safeTarget = redactSecrets(target);
  const safeReason = reason === undefined ? undefined : redactSecrets(reason);
  const isReasonShown = evaluation.record === 'full' && safeReason !== undefined;
  return {
    recorded: { ...rest, target: safeTarget, ...shown.args, ...(isReasonShown && { reason: safeReason }) },
    redacted: [...shown.redacted, ...changed('target', target, safeTarget), ...changed('reason', reason, safeReason)],
  };
}

interface ShownArgs {
  readonly args: { readonly args?: Record<string, unknown> };
  readonly redacted: readonly string[];
}

const NOTHING_SHOWN: ShownArgs = { args: {}, redacted: [] };

const changed = (name: string, before: string | undefined, after: string | undefined) =>
  before === after ? [] : [name];

function shownArgs(args: Record<string, unknown>, { record, redact }: Evaluation): ShownArgs {
  if (record === 'digest') return { args: {}, redacted: ['args'] };
  const secret = redactSecretsIn({ args } as JsonValue);
  if (redact.length === 0) return shown(secret, secret.paths);
  const hidden = redactPaths(
    secret.value,
    redact.map((path) => parsePathPattern(path) ?? EVERYTHING),
  );
  return shown(hidden, [...secret.paths, ...hidden.paths]);
}

const shown = ({ value }: { readonly value: JsonValue }, redacted: readonly string[]): ShownArgs => ({
  args: value as { args: Record<string, unknown> },
  redacted,
});

/** Publishing refuses paths that cannot be read; should one come through, it hides too much rather than too little. */
const EVERYTHING = ['args'] as const;

function approvalOf({ verdict, requirements }: Judgement, ownTeam: string, now: Instant): ActionDecided['approval'] {
  if (verdict !== 'ask') return null;
  const at = (milliseconds: number) => instant(now + milliseconds);
  const asked = requirements.map(({ team, expiresInMs, escalate, ...rest }) => ({
    ...rest,
    team: team ?? ownTeam,
    expiresAt: at(expiresInMs),
    escalate: escalate && { at: at(escalate.afterMs), team: escalate.team },
  }));
  const expiresAt = instant(Math.min(...asked.map((one) => one.expiresAt)));
  return { id: newId<ApprovalId>('apr', now), requirements: asked, expiresAt };
}
