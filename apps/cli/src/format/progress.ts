import cliProgress from 'cli-progress';

/** How far a long work has come. */
export interface Progress {
  to(done: number): void;
  /** To be called whatever happened, so that the terminal gets its line back. */
  end(): void;
}

const silent: Progress = { to: () => undefined, end: () => undefined };

/** A bar on stderr while a person looks on; nothing at all in scripts and logs. */
export function showProgress(what: string, total: number): Progress {
  if (process.stderr.isTTY !== true || total <= 0) return silent;
  const bar = new cliProgress.SingleBar(
    {
      format: `${what} {bar} {percentage}% | {value}/{total} | {eta_formatted}`,
      stream: process.stderr,
      clearOnComplete: true,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, 0);
  return { to: (done) => bar.update(Math.min(done, total)), end: () => bar.stop() };
}
