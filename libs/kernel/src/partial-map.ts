import { TrackedMap } from './tracked-map.ts';

/**
 * Rows of which only some were read. A row that was not read is not a row that is absent: taking the one for the other
 * would spend money twice, so asking for a key that nobody looked up is a defect and throws.
 */
export class PartialMap<Key, Value> extends TrackedMap<Key, Value> {
  readonly #known = new Set<Key>();

  /** How many keys are known, present or absent. */
  get knownSize(): number {
    return this.#known.size;
  }

  isKnown(key: Key): boolean {
    return this.#known.has(key);
  }

  /** Says that these keys were looked up: those that were not loaded do not exist. */
  know(keys: Iterable<Key>): void {
    for (const key of keys) this.#known.add(key);
  }

  /** @throws {Error} for a key that was not looked up. */
  override get(key: Key): Value | undefined {
    if (this.#known.has(key)) return super.get(key);
    throw new Error(`row \`${String(key)}\` was not read under the lock`);
  }

  override set(key: Key, value: Value): this {
    this.#known.add(key);
    return super.set(key, value);
  }

  override load(key: Key, value: Value): void {
    this.#known.add(key);
    super.load(key, value);
  }
}
