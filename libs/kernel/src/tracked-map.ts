/**
 * A map that remembers which keys changed since it was last asked.
 *
 * Enforcement state is folded from events in memory and written back row by row; the keys touched
 * are exactly the rows to write. Mutable on purpose: a copy per decision would cost more than deciding.
 */
export class TrackedMap<Key, Value> extends Map<Key, Value> {
  readonly #touched = new Set<Key>();

  constructor() {
    super();
  }

  override set(key: Key, value: Value): this {
    this.#touched.add(key);
    return super.set(key, value);
  }

  override delete(key: Key): boolean {
    this.#touched.add(key);
    return super.delete(key);
  }

  /** Puts what was read from storage: known, not changed. */
  load(key: Key, value: Value): void {
    super.set(key, value);
  }

  /** The keys set or deleted since the last call, each once. */
  takeTouched(): readonly Key[] {
    if (this.#touched.size === 0) return [];
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }
}
