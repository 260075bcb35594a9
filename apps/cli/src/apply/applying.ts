import type { CommandAnswer, Warning } from '@countersign/surface';
import { CommandFailed } from '../command-failed.ts';
import { waitingWords } from '../format/publications.ts';
import type { Session } from '../operator/connect.ts';
import type { Step } from './plan.ts';

/** A plan while it is carried out, step by step. */
export class Applying {
  readonly warnings: Warning[] = [];
  /** What waits for a second person, in words. */
  readonly waiting: string[] = [];
  readonly #unpublished = new Set<unknown>();
  #done = 0;

  constructor(
    private readonly session: Pick<Session, 'command'>,
    private readonly steps: readonly Step[],
  ) {}

  get done(): number {
    return this.#done;
  }

  /** False when nothing is left. @throws CommandFailed naming the step that was refused. */
  async next(): Promise<boolean> {
    const step = this.steps[this.#done];
    if (!step) return false;
    try {
      await this.#take(step);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw new CommandFailed(
        `${step.words}: ${error.message}\n${this.#done} of ${this.steps.length} were applied; applying again goes on from here`,
        error.exitCode,
      );
    }
    this.#done += 1;
    return true;
  }

  async #take({ command, words, publishes }: Step): Promise<void> {
    // Attached is a version, and this one's text may still be rejected.
    if (this.#unpublished.has(command['name'])) return void this.waiting.push(`${words}: its text waits`);
    const { warnings, waiting } = await this.session.command<CommandAnswer>(command);
    this.warnings.push(...warnings);
    if (!waiting) return;
    this.waiting.push(`${words}: ${waitingWords(waiting)}`);
    if (publishes !== undefined) this.#unpublished.add(publishes);
  }
}
