import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { serviceNodeOptions } from '@countersign/config';
import { untilAborted } from './stop-signal.ts';

/** One of our programs, and how it is started. */
export interface Program {
  readonly name: string;
  readonly script: string;
  readonly logFile: string;
  /** Asked at every start, because the database may have moved meanwhile. */
  readonly environment: () => Readonly<Record<string, string | undefined>>;
}

export interface KeptProcess {
  readonly program: Program;
  /** Settles when the first run ended, which before it was ready means that it cannot start. */
  readonly firstRun: Promise<void>;
  /** Ends the current run; the next begins at once. */
  restart(): void;
  /** Asks it to end and waits, at most until `insisted` or ten seconds; then it is killed. */
  stop(insisted: AbortSignal): Promise<void>;
}

interface Surroundings {
  readonly say: (line: string) => void;
  readonly noteChild: (pid: number) => Promise<void>;
}

const PAUSE_FIRST_MS = 1_000;
const PAUSE_MAX_MS = 30_000;
/** A run that lasted this long was a good one: the next failure starts over with the shortest pause. */
const GOOD_RUN_MS = 60_000;
const STOP_PATIENCE_MS = 10_000;

/** What changes while a program is kept running. */
interface Keeping {
  readonly program: Program;
  readonly surroundings: Surroundings;
  readonly stopping: AbortController;
  current?: ChildProcess;
  /** The current run was ended by us, to begin another. */
  isRestart: boolean;
}

/**
 * Starts the program, and again whenever it ends by itself, after pauses of 1, 2, 4 … 30 seconds.
 * It leads a process group of its own, so Ctrl-C reaches only us, and we can stop it before its database.
 */
export function keepRunning(program: Program, surroundings: Surroundings): KeptProcess {
  const keeping: Keeping = { program, surroundings, stopping: new AbortController(), isRestart: false };
  const firstRun = runOnce(keeping);
  const kept = keep(keeping, firstRun);
  return {
    program,
    firstRun: firstRun.then(() => undefined),
    restart: () => {
      keeping.isRestart = true;
      keeping.current?.kill('SIGTERM');
    },
    stop: async (insisted) => {
      keeping.stopping.abort();
      keeping.current?.kill('SIGTERM');
      const patience = pause(STOP_PATIENCE_MS, undefined, { ref: false });
      const hasEnded = await Promise.race([
        kept.then(() => true),
        Promise.race([patience, untilAborted(insisted)]).then(() => false),
      ]);
      if (!hasEnded) keeping.current?.kill('SIGKILL');
      await kept;
    },
  };
}

async function keep(keeping: Keeping, firstRun: Promise<number>): Promise<void> {
  const { program, surroundings, stopping } = keeping;
  let wait = PAUSE_FIRST_MS / 2;
  for (let lasted = await firstRun; !stopping.signal.aborted; lasted = await runOnce(keeping)) {
    if (keeping.isRestart) {
      keeping.isRestart = false;
      continue;
    }
    wait = lasted > GOOD_RUN_MS ? PAUSE_FIRST_MS : Math.min(wait * 2, PAUSE_MAX_MS);
    const again = `starting it again in ${wait / 1_000} s (see ${program.logFile})`;
    surroundings.say(`${program.name} ${howItEnded(keeping.current)}; ${again}`);
    await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
    if (stopping.signal.aborted) return;
  }
}

/** Runs the program to its end, whatever that is; gives how long it lasted, in milliseconds. */
async function runOnce(keeping: Keeping): Promise<number> {
  const startedAt = performance.now();
  const child = await launch(keeping.program);
  keeping.current = child;
  if (keeping.stopping.signal.aborted) child.kill('SIGTERM');
  if (child.pid !== undefined) await keeping.surroundings.noteChild(child.pid);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit').catch(() => undefined);
  return performance.now() - startedAt;
}

async function launch({ script, logFile, environment }: Program): Promise<ChildProcess> {
  const log = await open(logFile, 'a', 0o600);
  try {
    return spawn(process.execPath, [...serviceNodeOptions, script], {
      detached: true,
      env: environment() as NodeJS.ProcessEnv,
      stdio: ['ignore', log.fd, log.fd],
    });
  } finally {
    await log.close();
  }
}

function howItEnded(child: ChildProcess | undefined): string {
  if (child?.signalCode) return `was ended by ${child.signalCode}`;
  return `ended with code ${child?.exitCode ?? 'unknown'}`;
}

/** What the program said last, for whoever cannot be sent to a file. */
export async function lastWords({ logFile }: Program): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-8).join('\n');
}
