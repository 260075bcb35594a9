import type { Queues } from '@countersign/queue';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { choresQueue, type Chore } from './chores.queue.ts';

const DAY_MILLISECONDS = 86_400_000;

/** What each chore does. All of them are idempotent and bounded. */
export type DoChore = Readonly<Record<Chore, () => Promise<unknown>>>;

/** Nudges every chore at its pace and does those that come up, one at a time. */
@Injectable()
export class Chores implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #pulses: NodeJS.Timeout[] = [];

  constructor(
    private readonly queues: Queues,
    private readonly doChore: DoChore,
    private readonly sweepSeconds: number,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.queues.work(choresQueue, async ({ chore }) => void (await this.doChore[chore]()), { concurrency: 1 });
    this.#pulse('prepare-months', DAY_MILLISECONDS);
    this.#pulse('expire-holds', this.sweepSeconds * 1_000);
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
