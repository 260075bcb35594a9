import { percentile } from '../figures.ts';
import type { Result } from './job.ts';
import type { RawAnswer } from './raw-connection.ts';

const MARKS = {
  allowed: Buffer.from('"verdict":"allow"'),
  blocked: Buffer.from('"verdict":"block"'),
  asked: Buffer.from('"verdict":"ask"'),
};

/** Gathers answers and latencies of one job. */
export class Counts {
  readonly #latencies: number[] = [];
  readonly #found = { allowed: 0, blocked: 0, asked: 0 };
  readonly #problems: Record<string, number> = {};
  #firstProblem: string | null = null;

  answered({ status, body }: RawAnswer, milliseconds: number): void {
    this.#latencies.push(milliseconds);
    if (status !== 200) return this.problem(status, body.toString('utf8'));
    for (const verdict of ['allowed', 'blocked', 'asked'] as const)
      this.#found[verdict] += occurrences(body, MARKS[verdict]);
  }

  /** A second call on the same action, such as its outcome: only its failure counts. */
  followedUp({ status, body }: RawAnswer): void {
    if (status !== 200) this.problem(status, body.toString('utf8'));
  }

  problem(status: number, text: string): void {
    this.#problems[status] = (this.#problems[status] ?? 0) + 1;
    this.#firstProblem ??= `${status} ${text.slice(0, 400)}`;
  }

  result(seconds: number): Result {
    const sorted = Float64Array.from(this.#latencies).sort();
    return {
      seconds,
      requests: sorted.length,
      perSecond: sorted.length / seconds,
      p50: percentile(sorted, 0.5),
      p99: percentile(sorted, 0.99),
      max: sorted.at(-1) ?? Number.NaN,
      ...this.#found,
      problems: this.#problems,
      firstProblem: this.#firstProblem,
    };
  }
}

function occurrences(bytes: Buffer, mark: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) count += 1;
  return count;
}
