/** What comparing a ledger with checkpoints from outside found. */
export interface RestoreFindings {
  /** The size of the ledger as it is now. */
  readonly size: number;
  /** How many checkpoints were compared. */
  readonly checkpoints: number;
  /** How many of them no key that this ledger tells of has signed. Not zero: believe the rest only after looking why. */
  readonly unknownSigners: number;
  /** How many that are not kept belong to a log which the ledger itself says was given up after a restore. */
  readonly abandoned: number;
  /** The size of the largest that this ledger still begins with; null when it begins with none. */
  readonly agreesAt: number | null;
  /** The size of the smallest, of a log not given up, that it contradicts or does not reach; null when there is none. */
  readonly differsAt: number | null;
}

/** What checkpoints from outside say about a database that may have been restored. */
export interface RestoreReport extends RestoreFindings {
  /**
   * `kept`: nothing signed is missing. `reopened`: what is missing was lost before the ledger went on as another log,
   * which it records. `cut`: it ends before what was signed. `forked`: it says something else.
   */
  readonly verdict: 'kept' | 'reopened' | 'cut' | 'forked';
  /** One sentence for people: what happened and what to do. */
  readonly summary: string;
}

export function restoreReport(findings: RestoreFindings): RestoreReport {
  const verdict = verdictOf(findings);
  return { ...findings, verdict, summary: summaries[verdict](findings) };
}

/** The findings of two parts of the same checkpoints, whichever was compared first. */
export function mergeFindings(one: RestoreFindings, other: RestoreFindings): RestoreFindings {
  return {
    size: Math.max(one.size, other.size),
    checkpoints: one.checkpoints + other.checkpoints,
    unknownSigners: one.unknownSigners + other.unknownSigners,
    abandoned: one.abandoned + other.abandoned,
    agreesAt: extreme(Math.max, one.agreesAt, other.agreesAt),
    differsAt: extreme(Math.min, one.differsAt, other.differsAt),
  };
}

function extreme(of: (...sizes: number[]) => number, one: number | null, other: number | null): number | null {
  const known = [one, other].filter((size) => size !== null);
  return known.length === 0 ? null : of(...known);
}

function verdictOf({ size, abandoned, differsAt }: RestoreFindings): RestoreReport['verdict'] {
  if (differsAt === null) return abandoned === 0 ? 'kept' : 'reopened';
  return differsAt > size ? 'cut' : 'forked';
}

const goOn = ({ agreesAt }: RestoreFindings) =>
  `it lost or changed events ${agreesAt === null ? 'from its beginning' : `after size ${agreesAt}`}; let it go on as another log, under which it can be signed again`;

const summaries: Readonly<Record<RestoreReport['verdict'], (findings: RestoreFindings) => string>> = {
  kept: ({ size, checkpoints }) =>
    `the ledger of ${size} events keeps all ${checkpoints} checkpoints: nothing signed is missing`,
  reopened: ({ size, abandoned }) =>
    `the ledger of ${size} events goes on as another log after a restore, as it records; ${abandoned} checkpoints of the log before cover what was lost then, and nothing signed since is missing`,
  cut: (findings) =>
    `the ledger ends at ${findings.size}, before size ${findings.differsAt} that was signed: ${goOn(findings)}`,
  forked: (findings) =>
    `the ledger says something else than was signed at size ${findings.differsAt}: ${goOn(findings)}`,
};
