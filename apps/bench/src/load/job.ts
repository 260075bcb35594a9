/** What the load generator is to send. Crosses a process boundary, so it is plain data. */
export interface Job {
  readonly port: number;
  readonly path: string;
  readonly token: string;
  readonly connections: number;
  /** Holds one or more `SLOT`s, each replaced by an id that was never used before. */
  readonly body: string;
  /** Reports each allowed action's outcome before the next action on the same connection. */
  readonly settles: boolean;
  /** Ends after this time, or after `total` requests, whichever comes first. */
  readonly milliseconds: number;
  readonly total?: number;
  /**
   * Requests a second, started by the clock whether or not earlier ones were answered; latency counts from the planned
   * start, so a server that stalls cannot slow the measure down with it. Absent: as fast as answers come.
   */
  readonly perSecond?: number;
}

/** What came of a job. Times are milliseconds. */
export interface Result {
  readonly seconds: number;
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** How often `"verdict":"allow"` stood in the answers, and the other two. */
  readonly allowed: number;
  readonly blocked: number;
  readonly asked: number;
  /** Answers other than 200, by status, and connections that were cut under `0`. */
  readonly problems: Readonly<Record<string, number>>;
  readonly firstProblem: string | null;
}

/** Where a request's id goes: as long as a UUID, so that bodies keep their length. */
export const SLOT = '@'.repeat(36);
