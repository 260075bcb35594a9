import { HttpClient, type Api } from '@countersign/harness';
import { askUntilDecided, type Asked, type WireAction } from './caller.ts';

/** Callers that keep asking, through faults, until they are told to stop. */
export interface Traffic {
  /** Everything that was acknowledged so far. */
  readonly asked: readonly Asked[];
  /** Points the callers at another api; what is under way is asked again there. */
  moveTo(api: Api): void;
  /** Resolves when so many were acknowledged. */
  until(count: number): Promise<void>;
  /** Lets every caller finish its last question, and rejects if one of them failed. */
  stop(): Promise<void>;
}

const CALLERS = 64;

export function startTraffic(api: Api, key: string, action: WireAction): Traffic {
  const asked: Asked[] = [];
  let client = new HttpClient(api.url, key, CALLERS);
  let isOver = false;
  let failure: unknown;
  const ask = async () => {
    while (!isOver && failure === undefined) asked.push(await askUntilDecided(action, { client: () => client }));
  };
  const callers = Array.from({ length: CALLERS }, () => ask().catch((error: unknown) => (failure ??= error)));
  return {
    asked,
    moveTo: (next) => {
      client.close();
      client = new HttpClient(next.url, key, CALLERS);
    },
    until: async (count) => {
      while (asked.length < count && failure === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      if (failure !== undefined) throw failure;
    },
    stop: async () => {
      isOver = true;
      await Promise.all(callers);
      client.close();
      if (failure !== undefined) throw failure;
    },
  };
}
