/** How often something may be tried. */
export interface Limit {
  readonly max: number;
  /** Counted from the first try; then counting begins anew. */
  readonly windowSeconds: number;
  /** How long every try is refused after the last one that was let through. */
  readonly lockSeconds: number;
}

/** What is counted, and up to where. `key` may be personal: it is kept as a hash. */
export interface Count {
  readonly key: string;
  readonly limit: Limit;
}

/** Counts tries over all replicas. */
export abstract class Attempts {
  /**
   * Counts one try before it is made, so that tries at the same moment cannot all slip through.
   * Resolves to 0 when it is let through, else to the seconds, at least 1, until the next one is.
   */
  abstract count(count: Count): Promise<number>;

  /** Takes one try back: it was no failure. */
  abstract takeBack(key: string): Promise<void>;

  /** Forgets every try, and a lock with them. */
  abstract forget(key: string): Promise<void>;
}
