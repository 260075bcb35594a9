/** A bound on a figure, in the figure's unit. */
export interface Bounds {
  readonly sense: 'at least' | 'at most';
  readonly must: number;
  readonly aim: number;
}

/** One row of the table. */
export interface Figure extends Bounds {
  readonly name: string;
  /** What it is divided by; null for an absolute figure. */
  readonly yardstick: string | null;
  readonly unit: string;
  readonly value: number;
  /** What was measured on the way: rates, rounds, sizes. */
  readonly detail: Readonly<Record<string, number | string | readonly number[]>>;
}

/** A row that this run leaves out, and why. */
export interface Skipped {
  readonly name: string;
  readonly why: string;
}

export const isMet = ({ sense, must, value }: Figure) => (sense === 'at least' ? value >= must : value <= must);
export const reachesAim = ({ sense, aim, value }: Figure) => (sense === 'at least' ? value >= aim : value <= aim);
