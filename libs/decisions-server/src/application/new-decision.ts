import type { Approval } from '@countersign/approvals';
import { nodeCrypto, newId, randomBytes } from '@countersign/crypto';
import type {
  ActionDecided,
  Action,
  Asker,
  BudgetFigure,
  Judged,
  Judgement,
  RecordedAction,
  RecordedReason,
} from '@countersign/decisions';
import {
  canonicalJson,
  parsePathPattern,
  redactPaths,
  redactSecrets,
  redactSecretsIn,
  type JsonValue,
} from '@countersign/json';
import type { Evaluation } from '@countersign/policy';
import {
  instant,
  type AgentKeyId,
  type ApprovalId,
  type DecisionId,
  type Instant,
  type MemberId,
} from '@countersign/kernel';

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
  // An object of known keys is canonical when they are written in order, so only what the agent made up needs sorting.
  const covered =
    `{"agent":${text(agentId)},"args":${canonical(args)},"cost":${canonical(cost)},"intent":${text(intent)},` +
    `"onBehalfOf":${text(context?.onBehalfOf)},"run":${text(run)},"target":${text(target)},"user":${text(user)}}`;
  const bytes = new Uint8Array(salt.length + 3 * covered.length);
  bytes.set(salt);
  const { written } = encoder.encodeInto(covered, bytes.subarray(salt.length));
  return nodeCrypto.sha256Hex(bytes.subarray(0, salt.length + written));
}

const base64 = ({ buffer, byteOffset, length }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, length).toString('base64');

/** RFC 8785 writes texts as ECMAScript does. */
const text = (value: string | undefined) => (value === undefined ? 'null' : JSON.stringify(value));

const canonical = (value: object | undefined) => (value === undefined ? 'null' : canonicalJson(value as JsonValue));

/** What an asked action came to with people: the approval it joined, or the grant that let it pass. */
export interface WithPeople {
  readonly joined: Approval | null;
  readonly grant: ActionDecided['grant'] | null;
  /** Who is too close to the agent to decide what it asks. */
  readonly involved: readonly MemberId[];
}

export interface Origin {
  readonly asker: Asker;
  readonly keyId: AgentKeyId;
  readonly epoch: number;
  readonly now: Instant;
  /** For an action that people were asked about. */
  readonly people?: WithPeople | null;
}

/** The event of one decision: everything that explains it and everything that would decide it again. */
export function newDecision(action: Action, judged: Judged, judgement: Judgement, origin: Origin): ActionDecided {
  const { asker, now, people } = origin;
  const salt = randomBytes(32);
  const { shadow } = judged.evaluation;
  const parts = recordedParts(action, judged, judgement, origin);
  // Field by field: spreading takes several times as long, and this runs for every decision.
  return {
    decisionId: newId<DecisionId>('dec', now),
    requestId: action.requestId,
    agent: parts.agent,
    action: parts.action,
    redacted: parts.redacted,
    outcomes: parts.outcomes,
    digest: { salt: base64(salt), value: digestOf(salt, asker.agent.agentId, action) },
    verdict: judgement.verdict,
    shadow: shadow.length > 0 ? shadow.map((one) => ({ ...one, reasons: [...one.reasons] })) : undefined,
    reasons: parts.reasons,
    explain: parts.explain,
    epoch: parts.epoch,
    price: parts.price,
    budgets: parts.budgets,
    rates: parts.rates,
    hold: parts.hold,
    approval: people?.joined ? joinedAsk(people.joined, people) : newAsk(judgement, origin),
    grant: people?.grant ?? undefined,
    retryAt: parts.retryAt,
  };
}

type Parts = Omit<ActionDecided, 'decisionId' | 'requestId' | 'digest' | 'verdict' | 'shadow' | 'approval' | 'grant'>;

/** What every decision on an action records, a take's included. */
export function recordedParts(action: Action, judged: Judged, judgement: Judgement, origin: Origin): Parts {
  const { asker, keyId, epoch } = origin;
  const { recorded, redacted } = recordedAction(action, judged);
  const { agent, team } = asker;
  const { outcomes, explain } = judged.evaluation;
  return {
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
    // What is undefined is left out of the record: spreading it in only when it is there takes several times as long.
    redacted: redacted.length > 0 ? [...redacted] : undefined,
    outcomes: outcomes.length > 0 ? [...outcomes] : undefined,
    reasons: judgement.reasons as RecordedReason[],
    explain,
    epoch,
    price: judged.metered.price ?? undefined,
    budgets: judgement.budgets as BudgetFigure[],
    rates: judgement.rates as ActionDecided['rates'],
    hold: judgement.holdExpiresAt === null ? null : { expiresAt: judgement.holdExpiresAt },
    retryAt: judgement.retryAt,
  };
}

/** What people may read later: by default everything, but never what looks like a secret or a policy hides. */
function recordedAction(
  action: Action,
  { evaluation }: Judged,
): { recorded: RecordedAction; redacted: readonly string[] } {
  const { intent, args, target, reason, cost, run, user, tags, context } = action;
  const shown = args === undefined ? NOTHING_SHOWN : shownArgs(args, evaluation);
  const safeTarget = redactSecrets(target);
  const safeReason = reason === undefined ? undefined : redactSecrets(reason);
  const isReasonShown = evaluation.record === 'full' && safeReason !== undefined;
  return {
    recorded: {
      intent,
      target: safeTarget,
      args: shown.args,
      cost,
      run,
      user,
      tags,
      reason: isReasonShown ? safeReason : undefined,
      context,
    },
    redacted: redactedOf(shown.redacted, target === safeTarget, reason === safeReason),
  };
}

interface ShownArgs {
  readonly args: Record<string, unknown> | undefined;
  readonly redacted: readonly string[];
}

const NOTHING_SHOWN: ShownArgs = { args: undefined, redacted: [] };

function redactedOf(inArgs: readonly string[], isTargetClean: boolean, isReasonClean: boolean): readonly string[] {
  if (isTargetClean && isReasonClean) return inArgs;
  return [...inArgs, ...(isTargetClean ? [] : ['target']), ...(isReasonClean ? [] : ['reason'])];
}

function shownArgs(args: Record<string, unknown>, { record, redact }: Evaluation): ShownArgs {
  if (record === 'digest') return { args: undefined, redacted: ['args'] };
  const secret = redactSecretsIn({ args } as JsonValue);
  if (redact.length === 0) return shown(secret, secret.paths);
  const hidden = redactPaths(
    secret.value,
    redact.map((path) => parsePathPattern(path) ?? EVERYTHING),
  );
  return shown(hidden, [...secret.paths, ...hidden.paths]);
}

const shown = ({ value }: { readonly value: JsonValue }, redacted: readonly string[]): ShownArgs => ({
  args: (value as { args: Record<string, unknown> }).args,
  redacted,
});

/** Publishing refuses paths that cannot be read; should one come through, it hides too much rather than too little. */
const EVERYTHING = ['args'] as const;

/** Of a decision that asks; null of any other. */
function newAsk(judgement: Judgement, { asker, now, people }: Origin): ActionDecided['approval'] {
  if (judgement.verdict !== 'ask') return null;
  const { requirements, expiresAt } = requirementsFrom(judgement, asker.team.name, now);
  const { budgetAsks: budgets } = judgement;
  return {
    id: newId<ApprovalId>('apr', now),
    requirements,
    expiresAt,
    budgets: budgets.length > 0 ? [...budgets] : undefined,
    involved: people?.involved.length ? [...people.involved] : undefined,
  };
}

/** Whom an asked action asks, and until when: the earliest of all. */
export function requirementsFrom({ requirements }: Judgement, ownTeam: string, now: Instant) {
  const at = (milliseconds: number) => instant(now + milliseconds);
  const asked = requirements.map(({ team, expiresInMs, escalate, ...rest }) => ({
    ...rest,
    team: team ?? ownTeam,
    expiresAt: at(expiresInMs),
    escalate: escalate && { at: at(escalate.afterMs), team: escalate.team },
  }));
  return { requirements: asked, expiresAt: instant(Math.min(...asked.map((one) => one.expiresAt))) };
}

/** One approval and one permit for all that ask the same: whoever joins waits for what is waited for already. */
function joinedAsk(
  { approvalId: id, requirements, budgets, expiresAt }: Approval,
  { involved }: WithPeople,
): ActionDecided['approval'] {
  return {
    id,
    requirements: requirements.map(({ teams: _, ...needed }) => ({ ...needed, expiresAt })),
    expiresAt,
    budgets: budgets.length > 0 ? [...budgets] : undefined,
    involved: involved.length > 0 ? [...involved] : undefined,
  };
}
