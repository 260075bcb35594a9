/** Something that was refused, counted by its code. */
export interface Refused {
  readonly code: string;
  /** Of the first. */
  readonly message: string;
  readonly count: number;
}

/** What became of the actions that were asked. Each is denied, waits, was taken back, or was approved. */
export interface AskCounts {
  /** By people, so that the agent had a permit to take. */
  readonly approved: number;
  /** By the agent, which then acted. */
  readonly taken: number;
  /** Approved, and refused at the take. */
  readonly refusedTakes: readonly Refused[];
  /** Or expired: the agent was told no. */
  readonly denied: number;
  /** In the queue as the replay ended. */
  readonly waiting: number;
  /** By the agent, while nobody had answered. */
  readonly takenBack: number;
  /** Left waiting, and then answered by somebody who is no part of the replay. */
  readonly answeredByOthers: number;
  /** Answers of the replay's people that were not accepted. */
  readonly refusedAnswers: readonly Refused[];
}

type Refusal = Pick<Refused, 'code' | 'message'>;

/** Counts asks as they end. Order does not matter, as in `Tally`. */
export class AskTally {
  readonly #counts = { approved: 0, taken: 0, denied: 0, waiting: 0, takenBack: 0, answeredByOthers: 0 };
  readonly #refusedTakes = new Map<string, Refused>();
  readonly #refusedAnswers = new Map<string, Refused>();

  approved(): void {
    this.#counts.approved += 1;
  }

  taken(): void {
    this.#counts.taken += 1;
  }

  denied(): void {
    this.#counts.denied += 1;
  }

  left(): void {
    this.#counts.waiting += 1;
  }

  /** One of those that were left waits no more. */
  ended(how: 'takenBack' | 'answeredByOthers'): void {
    this.#counts.waiting -= 1;
    this.#counts[how] += 1;
  }

  takeRefused(refusal: Refusal): void {
    count(this.#refusedTakes, refusal);
  }

  answerRefused(refusal: Refusal): void {
    count(this.#refusedAnswers, refusal);
  }

  counts(): AskCounts {
    const refusedTakes = [...this.#refusedTakes.values()];
    return { ...this.#counts, refusedTakes, refusedAnswers: [...this.#refusedAnswers.values()] };
  }
}

function count(refused: Map<string, Refused>, { code, message }: Refusal): void {
  const known = refused.get(code) ?? { code, message, count: 0 };
  refused.set(code, { ...known, count: known.count + 1 });
}
