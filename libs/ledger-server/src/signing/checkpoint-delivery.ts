import { setTimeout as pause } from 'node:timers/promises';
import type { CheckpointSink, PublishedCheckpoint } from './checkpoint-sink.ts';
import type { SigningLog } from './checkpoint-signing.ts';

const RETRY_MILLISECONDS = { least: 1_000, most: 60_000 } as const;

/** A sink that stays away costs memory; a later checkpoint covers what an earlier one did, so the oldest go first. */
const WAITING_MAX = 1_000;

/** Hands checkpoints to sinks, in order, and again until each was accepted. Signing never waits for it. */
export class CheckpointDelivery {
  readonly #lines: readonly SinkLine[];

  constructor(sinks: readonly CheckpointSink[], log: SigningLog) {
    this.#lines = sinks.map((sink) => new SinkLine(sink, log));
  }

  publish(checkpoint: PublishedCheckpoint): void {
    for (const line of this.#lines) line.push(checkpoint);
  }

  /** One last attempt for what waits. */
  async stop(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.stop()));
  }
}

class SinkLine {
  readonly #waiting: PublishedCheckpoint[] = [];
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #isRunning = false;

  constructor(
    private readonly sink: CheckpointSink,
    private readonly log: SigningLog,
  ) {}

  push(checkpoint: PublishedCheckpoint): void {
    this.#waiting.push(checkpoint);
    if (this.#waiting.length > WAITING_MAX) {
      this.#waiting.shift();
      this.log.error(`the checkpoint sink ${this.sink.name} missed a checkpoint: ${WAITING_MAX} are waiting for it`);
    }
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#running = this.#run().finally(() => (this.#isRunning = false));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    let retry: number = RETRY_MILLISECONDS.least;
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const isAccepted = await this.#offer(next);
      if (isAccepted && this.#waiting[0] === next) this.#waiting.shift();
      if (isAccepted) retry = RETRY_MILLISECONDS.least;
      else if (this.#stopping.signal.aborted) return;
      else await this.#pause(retry);
      if (!isAccepted) retry = Math.min(2 * retry, RETRY_MILLISECONDS.most);
    }
  }

  async #offer(checkpoint: PublishedCheckpoint): Promise<boolean> {
    try {
      await this.sink.accept(checkpoint);
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.log.warn(
        `the checkpoint sink ${this.sink.name} did not take size ${checkpoint.size}, to be repeated: ${why}`,
      );
      return false;
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return pause(milliseconds, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined);
  }
}
