/** Whether somebody asked us to stop: Ctrl-C, a closed terminal, or a service manager. */
export interface StopSignal {
  /** Aborted by the first request. */
  readonly asked: AbortSignal;
  /** Aborted by a later one: stop waiting for what is not done. */
  readonly insisted: AbortSignal;
  /** Stops listening: from now on a request ends the process, as it does for any program. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One Ctrl-C can arrive twice, from the terminal and from npm; a person who insists needs longer than this. */
const SAME_REQUEST_MS = 500;

export function listenForStop(): StopSignal {
  const asked = new AbortController();
  const insisted = new AbortController();
  let askedAt = 0;
  const ask = (): void => {
    if (!asked.signal.aborted) {
      askedAt = performance.now();
      asked.abort();
    } else if (performance.now() - askedAt > SAME_REQUEST_MS) insisted.abort();
  };
  for (const signal of SIGNALS) process.on(signal, ask);
  const release = () => SIGNALS.forEach((signal) => process.off(signal, ask));
  return { asked: asked.signal, insisted: insisted.signal, release };
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
