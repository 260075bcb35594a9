import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Job, Result } from './job.ts';
import { runJob } from './run-job.ts';

/** What a child of the bench is for; the first argument of `main`. */
export const LOAD_ROLE = '--role=load';

/** The generator in a process of its own, so that measuring does not share an event loop with what arranges. */
export class LoadProcess {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(process.argv[1] ?? '', [LOAD_ROLE], { execArgv: process.execArgv });
  }

  /** One job at a time. @throws when the generator itself fails; what the server answers is in the result. */
  async run(job: Job): Promise<Result> {
    this.#child.send(job);
    const ended = once(this.#child, 'exit').then(() => Promise.reject(new Error('the load generator ended')));
    const [answer] = (await Promise.race([once(this.#child, 'message'), ended])) as [{ result: Result } | { error: string }];
    ended.catch(() => undefined);
    if ('error' in answer) throw new Error(`the load generator failed: ${answer.error}`);
    return answer.result;
  }

  close(): void {
    this.#child.kill();
  }
}

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
