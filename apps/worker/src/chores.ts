import type { Queues } from '@countersign/queue';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { choresQueue, type Chore } from './chores.queue.ts';

const DAY_MILLISECONDS = 86_400_000;
const HOUR_MILLISECONDS = 3_600_000;

/** What each chore does. All of them are idempotent and bounded. */
export type DoChore = Readonly<Record<Chore, () => Promise<unknown>>>;

export interface Pace {
  readonly sweepSeconds: number;
  /** What else this worker does, by queues of its own. */
  readonly begin: () => Promise<void>;
}

/** Nudges every chore at its pace and does those that come up, one at a time. */
@Injectable()
export class Chores implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #pulses: NodeJS.Timeout[] = [];

  constructor(
    private readonly queues: Queues,
    private readonly doChore: DoChore,
    private readonly pace: Pace,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.queues.work(choresQueue, async ({ chore }) => void (await this.doChore[chore]()), { concurrency: 1 });
    await this.pace.begin();
    const sweepMilliseconds = this.pace.sweepSeconds * 1_000;
    this.#pulse('prepare-months', DAY_MILLISECONDS);
    this.#pulse('delete-sessions', HOUR_MILLISECONDS);
    this.#pulse('expire-holds', sweepMilliseconds);
    this.#pulse('sweep-approvals', sweepMilliseconds);
    this.#pulse('sweep-notices', sweepMilliseconds);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#pulses.forEach(clearInterval);
    await this.queues.close();
  }

  #pulse(chore: Chore, milliseconds: number): void {
    const nudge = () => void this.queues.nudge(choresQueue, { chore });
    nudge();
    this.#pulses.push(setInterval(nudge, milliseconds));
  }
}
