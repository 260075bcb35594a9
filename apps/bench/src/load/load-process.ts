import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Job, Result } from './job.ts';
import { runJob } from './run-job.ts';

/** What a child of the bench is for; the first argument of `main`. */
export const LOAD_ROLE = '--role=load';

/** The generator in a process of its own, so that measuring does not share an event loop with what arranges. */
export class LoadProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  constructor() {
    this.#child = fork(process.argv[1] ?? '', [LOAD_ROLE], { execArgv: process.execArgv });
    this.#ended = once(this.#child, 'exit').then(() => Promise.reject(new Error('the load generator ended')));
    // Heard by whoever runs a job; between jobs nobody listens, and an ending then is what `close` asked for.
    this.#ended.catch(() => undefined);
  }

  /** One job at a time. @throws when the generator itself fails; what the server answers is in the result. */
  async run(job: Job): Promise<Result> {
    this.#child.send(job);
    const [answer] = (await Promise.race([nextMessage(this.#child), this.#ended])) as [
      { result: Result } | { error: string },
    ];
    if ('error' in answer) throw new Error(`the load generator failed: ${answer.error}`);
    return answer.result;
  }

  close(): void {
    this.#child.kill();
  }
}

/** `once` of node:events would leave a listener for errors behind when the race is lost. */
const nextMessage = (child: ChildProcess) =>
  new Promise((resolve) => child.once('message', (message) => resolve([message])));

/** The child's side: jobs in, results out, until the parent goes. */
export function serveLoad(): void {
  process.on('message', (job: Job) => {
    runJob(job).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
