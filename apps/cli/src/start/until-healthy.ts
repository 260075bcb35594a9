import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

/** Resolves when the api answers that it is healthy. @throws when it does not within a minute, or on abort */
export async function untilHealthy(apiUrl: string, abort: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    abort.throwIfAborted();
    if (await isHealthy(apiUrl)) return;
    await pause(50);
  }
  throw new Error(`the api did not answer ${apiUrl}/health within a minute`);
}

async function isHealthy(apiUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${apiUrl}/health`, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
