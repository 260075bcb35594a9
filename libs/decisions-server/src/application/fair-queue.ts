/** Why something was not queued. */
export type QueueRefusal = 'agent.too_fast' | 'queue.full';

/**
 * A bounded queue that is fair by agent: batches are taken in turns, and an agent past its share is refused while
 * others wait. An agent alone may fill three quarters; the rest stays free, so that whoever comes next gets in.
 */
export class FairQueue<Item> {
  readonly #byAgent = new Map<string, Item[]>();
  #size = 0;

  constructor(private readonly most: number) {}

  get size(): number {
    return this.#size;
  }

  /** Whether something of this agent waits. */
  has(agentId: string): boolean {
    return this.#byAgent.has(agentId);
  }

  /** Null when it was queued. */
  push(agentId: string, item: Item): QueueRefusal | null {
    if (this.#size >= this.most) return 'queue.full';
    const own = this.#byAgent.get(agentId);
    const others = this.#byAgent.size - (own ? 1 : 0);
    const share = others > 0 ? this.most / 4 : (this.most * 3) / 4;
    if ((own?.length ?? 0) >= share) return 'agent.too_fast';

    if (own) own.push(item);
    else this.#byAgent.set(agentId, [item]);
    this.#size += 1;
    return null;
  }

  /**
   * Takes up to `most` items, one of each agent in turn, each agent's own in the order they came, and no more than
   * `ofEach` of one agent. Whoever was not reached this time comes first the next.
   */
  take(most: number, ofEach = most): Item[] {
    const taken: Item[] = [];
    if (this.#byAgent.size === 1) this.#takeAllOf([...this.#byAgent.keys()][0] ?? '', Math.min(most, ofEach), taken);
    else
      for (let turn = 0; turn < ofEach && taken.length < most && this.#byAgent.size > 0; turn += 1)
        this.#takeOneEach(most, taken);
    this.#size -= taken.length;
    return taken;
  }

  #takeAllOf(agentId: string, most: number, taken: Item[]): void {
    const own = this.#byAgent.get(agentId) ?? [];
    taken.push(...own.splice(0, most));
    if (own.length === 0) this.#byAgent.delete(agentId);
  }

  #takeOneEach(most: number, taken: Item[]): void {
    for (const [agentId, own] of [...this.#byAgent]) {
      if (taken.length === most) return;
      taken.push(own.shift() as Item);
      // To the end of the line, so that the next batch begins with somebody else.
      this.#byAgent.delete(agentId);
      if (own.length > 0) this.#byAgent.set(agentId, own);
    }
  }
}
