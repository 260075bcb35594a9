import { AmountError, parseAmount, type Unit } from '@countersign/kernel';
import { formatDuration, parseDuration } from './duration.ts';
import type { PolicyCode } from './policy-codes.ts';
import type { ApprovalRequirement } from './policy.evaluation.ts';
import type { ApprovalSource } from './policy-source.ts';
import type { Problem } from './problem.ts';
import { formatPath } from './source-problems.ts';
import type { Place, YamlPath, YamlText } from './yaml-reader.ts';

/** A document being built from a text whose shape is right; what is still wrong is collected, never thrown. */
export interface Drafting {
  readonly text: string;
  readonly yaml: YamlText;
  readonly problems: Problem[];
}

interface Report {
  readonly severity?: Problem['severity'];
  readonly code: PolicyCode;
  readonly path: YamlPath;
  readonly message: string;
  /** The value at the path when left out. */
  readonly place?: Place;
}

export function report({ yaml, problems }: Drafting, { severity = 'error', code, path, message, place }: Report): void {
  problems.push({ severity, code, ...(place ?? yaml.locate(path)), path: formatPath(path), message });
}

const DAY_MS = 86_400_000;
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A length of time within its range; the lower end stands in for one that is not, after reporting it. */
export function durationIn(range: Range, text: string, path: YamlPath, draft: Drafting): number {
  const ms = parseDuration(text) ?? range.from;
  if (ms >= range.from && ms <= range.to) return ms;
  const message = `\`${String(path.at(-1))}\` must be ${formatDuration(range.from)} to ${formatDuration(range.to)}, and is ${text}.`;
  report(draft, { code: 'policy.duration', path, message });
  return range.from;
}

/** An amount in its unit; 0 stands in for one that cannot be read, after reporting it. */
export function amountIn(unit: Unit, value: string | number, path: YamlPath, draft: Drafting): bigint {
  try {
    return parseAmount(unit, String(value));
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    report(draft, { code: 'policy.amount', path, message: `\`${String(path.at(-1))}\` ${error.message}.` });
    return 0n;
  }
}

export const defaultApproval: ApprovalRequirement = {
  team: null,
  quorum: 1,
  expiresInMs: DAY_MS,
  permitForMs: 3_600_000,
  requireReason: null,
  escalate: null,
  neverAutoApprove: false,
};

const decidingTime = { from: MINUTE_MS, to: 30 * DAY_MS };
const escalationTime = { from: SECOND_MS, to: 30 * DAY_MS };
const permitTime = { from: SECOND_MS, to: 7 * DAY_MS };

export function approvalFrom(source: ApprovalSource | undefined, path: YamlPath, draft: Drafting): ApprovalRequirement {
  if (source === undefined) return defaultApproval;
  const { team, quorum, expiresIn, permitFor, requireReason, escalate } = source;
  const within = (range: Range, text: string | undefined, name: string, otherwise: number) =>
    text === undefined ? otherwise : durationIn(range, text, [...path, name], draft);

  const expiresInMs = within(decidingTime, expiresIn, 'expiresIn', defaultApproval.expiresInMs);
  return {
    team: team ?? null,
    quorum: quorum ?? defaultApproval.quorum,
    expiresInMs,
    permitForMs: within(permitTime, permitFor, 'permitFor', defaultApproval.permitForMs),
    requireReason: requireReason ?? null,
    escalate: escalate ? escalation(escalate, expiresInMs, [...path, 'escalate'], draft) : null,
    neverAutoApprove: false,
  };
}

type Escalate = NonNullable<ApprovalSource['escalate']>;

function escalation(
  { after, team }: Escalate,
  expiresInMs: number,
  path: YamlPath,
  draft: Drafting,
): ApprovalRequirement['escalate'] {
  const afterMs = durationIn(escalationTime, after, [...path, 'after'], draft);
  if (afterMs >= expiresInMs)
    report(draft, {
      code: 'policy.approval',
      path,
      message: `It escalates after ${after}, when it has already expired after ${formatDuration(expiresInMs)}.`,
    });
  return { afterMs, team };
}
