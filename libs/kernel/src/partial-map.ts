import { TrackedMap } from './tracked-map.ts';

/**
 * Rows of which only some were read. A row that was not read is not a row that is absent: taking the one for the other
 * would spend money twice, so asking for a key that nobody looked up is a defect and throws.
 */
export class PartialMap<Key, Value> extends TrackedMap<Key, Value> {
  /** Looked up, and not there. */
  readonly #absent = new Set<Key>();

  /** How many keys are known, present or absent. */
  get knownSize(): number {
    return this.size + this.#absent.size;
  }

  isKnown(key: Key): boolean {
    return this.has(key) || this.#absent.has(key);
  }

  /** Says that these keys were looked up: those that were not loaded do not exist. */
  know(keys: Iterable<Key>): void {
    for (const key of keys) if (!this.has(key)) this.#absent.add(key);
  }

  /** @throws {Error} for a key that was not looked up. */
  override get(key: Key): Value | undefined {
    const value = super.get(key);
    if (value !== undefined || this.isKnown(key)) return value;
    throw new Error(`row \`${String(key)}\` was not read under the lock`);
  }

  override set(key: Key, value: Value): this {
    this.#absent.delete(key);
    return super.set(key, value);
  }

  override delete(key: Key): boolean {
    this.#absent.add(key);
    return super.delete(key);
  }

  override load(key: Key, value: Value): void {
    this.#absent.delete(key);
    super.load(key, value);
  }
}
