import type { Problem } from './wire.ts';

/** Why one call got no answer. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** The same call, with the same id, may be sent again. */
  readonly isRetryable: boolean;
  /** What the server asked for, in milliseconds from now. */
  readonly retryAfterMs: number | null;
  readonly problem: Problem | null;
  readonly cause?: unknown;
}

export type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly failure: Failure };

/** Too fast or not now, and what proxies say of a server that restarts. The rest will not change by asking again. */
const RETRYABLE_STATUSES: readonly number[] = [429, 502, 503, 504];

/** Content that the server cannot read: one action's fault, which a batch must not make everyone's. */
const CONTENT_STATUSES: readonly number[] = [400, 413, 422];

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const unreachable = (cause: unknown): Failure => ({
  code: 'client.unreachable',
  message: 'Countersign cannot be reached',
  isRetryable: true,
  retryAfterMs: null,
  problem: null,
  cause,
});

export const timedOut = (timeoutMs: number): Failure => ({
  code: 'client.timeout',
  message: `Countersign did not answer within ${Math.round(timeoutMs)} ms`,
  isRetryable: true,
  retryAfterMs: null,
  problem: null,
});

export const unreadable = (what: string): Failure => ({
  code: 'client.unreadable',
  message: `the answer cannot be trusted: ${what}`,
  isRetryable: false,
  retryAfterMs: null,
  problem: null,
});

/** Reads a problem; one without a code is known by its status alone. */
export function refused(status: number, body: unknown, retryAfterMs: number | null): Failure {
  const fields = isRecord(body) ? body : {};
  const code = typeof fields['code'] === 'string' ? fields['code'] : `http.${status}`;
  const detail = [fields['detail'], fields['title']].find((text) => typeof text === 'string');
  return {
    code,
    message: typeof detail === 'string' ? detail : `the server answered ${status}`,
    isRetryable: RETRYABLE_STATUSES.includes(status),
    retryAfterMs,
    problem: { ...fields, status, code },
  };
}

export const isContentRefused = ({ problem }: Failure) => problem !== null && CONTENT_STATUSES.includes(problem.status);

/** RFC 3339, for people who are told to come back. */
export const retryAtOf = ({ retryAfterMs }: Failure) =>
  retryAfterMs === null ? null : new Date(Date.now() + retryAfterMs).toISOString();
