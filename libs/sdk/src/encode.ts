import type { DecisionUnavailable, ReportFailed } from './errors.ts';

/** JSON text, fixed at this moment. A number that JSON would silently turn into `null` is refused, as the error the caller expects. */
export function encode(value: unknown, Refusal: typeof DecisionUnavailable | typeof ReportFailed): string {
  try {
    return JSON.stringify(value, refuseNonFinite) ?? 'null';
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Refusal(`this cannot be sent as JSON: ${reason}`, { code: 'client.unserializable', cause });
  }
}

/** As `encode`, but undefined for what cannot be sent or is over `charactersMax`. */
export function encodeIfSmall(value: unknown, charactersMax: number): string | undefined {
  try {
    const text = JSON.stringify(value, refuseNonFinite) as string | undefined;
    return text === undefined || text.length > charactersMax ? undefined : text;
  } catch {
    return undefined;
  }
}

function refuseNonFinite(key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`\`${key}\` is ${value}`);
  return value;
}
