/** More than this of one agent in one batch, again and again, is a flood. */
const MODEST = 4;

/** In so many batches on end; one that merely caught up after a pause is through sooner. */
const FLOOD_BATCHES = 8;

/** An agent counts as asking for at least so many batches after its last request, and at most twice as many. */
const RECENT_BATCHES = 100;

interface Habit {
  /** The last batch that it was in. */
  readonly seen: number;
  /** Batches on end in which it had more than a modest share, or left some waiting. */
  readonly immodest: number;
}

/**
 * How much of one batch may be one agent's. Whoever comes next waits for the batch under way, so while an agent asks
 * modestly, those that flood get a modest share each and batches stay short. Among agents that all flood, none waits for
 * less than it makes others wait, and batches are as long as is fastest.
 */
export class Shares {
  readonly #habits = new Map<string, Habit>();
  #batches = 0;

  constructor(private readonly batchMax: number) {}

  /** Of the next batch. */
  get ofEach(): number {
    if (this.#habits.size < 2) return this.batchMax;
    for (const { immodest } of this.#habits.values()) if (immodest < FLOOD_BATCHES) return MODEST;
    return this.batchMax;
  }

  /** Told of each batch: whose requests are in it, in whatever order, and who has more waiting. */
  taken(agentIds: readonly string[], isWaiting: (agentId: string) => boolean): void {
    this.#batches += 1;
    for (const [agentId, count] of countsOf(agentIds))
      this.#habits.set(agentId, this.#habitOf(agentId, count <= MODEST && !isWaiting(agentId)));
    if (this.#batches % RECENT_BATCHES === 0) this.#forget();
  }

  #habitOf(agentId: string, isModest: boolean): Habit {
    const before = this.#habits.get(agentId)?.immodest ?? 0;
    return { seen: this.#batches, immodest: isModest ? 0 : before + 1 };
  }

  #forget(): void {
    for (const [agentId, { seen }] of this.#habits)
      if (seen < this.#batches - RECENT_BATCHES) this.#habits.delete(agentId);
  }
}

function countsOf(agentIds: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const agentId of agentIds) counts.set(agentId, (counts.get(agentId) ?? 0) + 1);
  return counts;
}
