import { refused, timedOut, unreachable, unreadable, type Answer } from './failure.ts';

export interface TransportOptions {
  readonly url: string;
  readonly key: string;
  readonly fetch: typeof globalThis.fetch;
  /** For one attempt, the reading of the body included. */
  readonly attemptMs: number;
}

/** Sends JSON text and gives the JSON of a 200; everything else is a failure. Never throws. */
export type Post = (path: string, body: string) => Promise<Answer>;

/** A question that the server may hold for `holdMs` before it answers. A signal ends it as unreachable. Never throws. */
export type Get = (path: string, held: { readonly holdMs: number; readonly signal: AbortSignal }) => Promise<Answer>;

export interface Transport {
  readonly post: Post;
  readonly get: Get;
}

/** No `Retry-After` is worth more than a day, and a date far off must not overflow a timer. */
const RETRY_AFTER_MAX_MS = 86_400_000;

export function createTransport({ url, key, fetch, attemptMs }: TransportOptions): Transport {
  const base = baseOf(url);
  const headers = {
    authorization: `Bearer ${checkedKey(key)}`,
    accept: 'application/json, application/problem+json',
  };

  const send = async (path: string, request: RequestInit, afterMs: number, signal?: AbortSignal): Promise<Answer> => {
    const aborter = new AbortController();
    const { promise: timeout, clear } = timer<Answer>(afterMs, { ok: false, failure: timedOut(afterMs) });
    const { promise: stopped, clear: forget } = aborted(signal);
    // Never after an answer: there is nothing left to abort.
    void Promise.race([timeout, stopped]).then(() => aborter.abort());
    try {
      // A redirect could carry the key elsewhere, so it is an error. The race also ends a `fetch` that ignores its signal.
      const init: RequestInit = { ...request, redirect: 'error', signal: aborter.signal };
      return await Promise.race([exchange(fetch, `${base}${path}`, init), timeout, stopped]);
    } finally {
      clear();
      forget();
    }
  };

  const json = { ...headers, 'content-type': 'application/json' };
  return {
    post: (path, body) => send(path, { method: 'POST', headers: json, body }, attemptMs),
    get: (path, { holdMs, signal }) => send(path, { method: 'GET', headers }, holdMs + attemptMs, signal),
  };
}

/** An answer that comes when the signal does, and the way to let go of it. */
function aborted(signal: AbortSignal | undefined) {
  let tell = () => {};
  const promise = new Promise<Answer>((resolve) => {
    tell = () => resolve({ ok: false, failure: unreachable(signal?.reason) });
  });
  if (signal?.aborted) tell();
  signal?.addEventListener('abort', tell);
  return { promise, clear: () => signal?.removeEventListener('abort', tell) };
}

async function exchange(fetch: typeof globalThis.fetch, address: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(address, init);
    return read(response.status, await response.text(), response.headers.get('retry-after'));
  } catch (error) {
    return { ok: false, failure: unreachable(error) };
  }
}

function read(status: number, text: string, retryAfter: string | null): Answer {
  const body = parse(text);
  if (status !== 200) return { ok: false, failure: refused(status, body, retryAfterMs(retryAfter)) };
  return body === undefined ? { ok: false, failure: unreadable('it is not JSON') } : { ok: true, value: body };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** RFC 9110 §10.2.3: seconds, or a date. Anything else is as good as none. */
function retryAfterMs(text: string | null): number | null {
  if (text === null) return null;
  const wait = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), RETRY_AFTER_MAX_MS);
}

function baseOf(url: string): string {
  if (!/^https?:$/.test(new URL(url).protocol)) throw new TypeError('`url` must start with http:// or https://');
  return url.replace(/\/{1,8}$/, '');
}

/** `fetch` would put a malformed header value, key and all, into its error. */
function checkedKey(key: string): string {
  if (!/^[\x21-\x7e]{1,1000}$/.test(key)) throw new TypeError('`key` must be an agent key, such as csk_…');
  return key;
}

/** A promise that resolves late, and the way to let go of it. */
export function timer<T>(afterMs: number, value: T): { readonly promise: Promise<T>; readonly clear: () => void } {
  let handle: ReturnType<typeof setTimeout>;
  const promise = new Promise<T>((resolve) => {
    handle = setTimeout(() => resolve(value), afterMs);
  });
  return { promise, clear: () => clearTimeout(handle) };
}
