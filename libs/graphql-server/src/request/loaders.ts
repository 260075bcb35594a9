import DataLoader from 'dataloader';

/** Reads many at once; what it leaves out does not exist. Made once, by whoever has the port to read by. */
export interface Batch<Key, Value> {
  readonly read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;
}

/**
 * The loaders of one request: whatever is asked for by key while one level of a query is resolved is read at once, and
 * never twice. They end with the request, so nobody is shown what somebody else was allowed to read, or what it was
 * before.
 */
export class Loaders {
  readonly #byBatch = new Map<object, DataLoader<never, unknown>>();

  /** Null for what does not exist. */
  load<Key, Value>(batch: Batch<Key, Value>, key: Key): Promise<Value | null> {
    const known = this.#byBatch.get(batch) as DataLoader<Key, Value | null> | undefined;
    const loader = known ?? new DataLoader<Key, Value | null>((keys) => inOrder(batch, keys), { maxBatchSize: 500 });
    if (!known) this.#byBatch.set(batch, loader as unknown as DataLoader<never, unknown>);
    return loader.load(key);
  }
}

async function inOrder<Key, Value>(batch: Batch<Key, Value>, keys: readonly Key[]): Promise<(Value | null)[]> {
  const found = await batch.read(keys);
  return keys.map((key) => found.get(key) ?? null);
}
