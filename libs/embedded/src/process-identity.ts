import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * Names one process for ever. A pid alone does not: the next process may get the same number, and stopping that one
 * because a file of ours mentions it would be stopping a stranger.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in the words of the system; equal only for the same process. */
  readonly started: string;
}

/** The process with this pid, or null when there is none (one that ended and was not yet collected counts as none). */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const started = process.platform === 'linux' ? await startedOnLinux(pid) : await startedByPs(pid);
  return started === null ? null : { pid, started };
}

export async function isRunning({ pid, started }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.started === started;
}

/** Asks the process to end with `signal`, and ends it with SIGKILL when it is still there after `patienceMs`. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  if (!(await isRunning(identity))) return;
  send(identity.pid, signal);
  if (await hasEnded(identity, patienceMs)) return;
  send(identity.pid, 'SIGKILL');
  await hasEnded(identity, 5_000);
}

async function hasEnded(identity: ProcessIdentity, patienceMs: number): Promise<boolean> {
  const giveUpAt = Date.now() + patienceMs;
  while (await isRunning(identity)) {
    if (Date.now() > giveUpAt) return false;
    await pause(20);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended between the look and the signal, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Field 22 of `/proc/<pid>/stat` (clock ticks since boot) with the boot's own id; see proc(5). */
async function startedOnLinux(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces and parentheses itself, so fields are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}

async function startedByPs(pid: number): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { LC_ALL: 'C' } });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}
